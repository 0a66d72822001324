"""The agent's side: TLS to the gateway for one elsewhere (`greet`), its CONNECT (`connect`), what is inside
(`tunnel`).
"""
