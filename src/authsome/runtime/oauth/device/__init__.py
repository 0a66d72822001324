"""Codes that people type at their provider (RFC 8628), over the network: asked for, read, and asked about.

The rules are `auth_session.oauth.poll`'s; `polls` keeps the pace of all of them and the turns of all servers.
"""
