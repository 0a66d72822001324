"""API keys that lie about on this machine: found by the names that providers' definitions know, shown without
their values, and moved into the vault.

`sources` reads the environment and `.env` files, `candidates` says which providers that would connect,
`choose` asks the person, `bring` connects and takes the keys out of the files. No value is ever printed,
logged or passed as an argument; it goes from the file to the server.
"""
