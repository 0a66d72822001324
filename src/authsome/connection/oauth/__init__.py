"""Connections that a provider's own page made: their tokens, and how these are renewed.

    tokens     what is sealed, and until when it is good          client     what this installation is there
    endpoint   a provider's token address, as a port              failure    why it gives nothing
    renew      ask for the next token, once for all servers       turns      whose turn that is
    record     what becomes of the connection, with its events
    configure_client, open_client    give an installation its client at a provider; its secret, for a request

Invariants: a refresh token that works once leaves once; what a provider gave is sealed before anything else
is done; no transaction is open while a provider thinks; an answer to an old question changes nothing newer.
"""
