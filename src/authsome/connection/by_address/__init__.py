"""Make a provider of an MCP server's address, and this installation a client of whoever guards it.

    add            the whole way: discover, become a client, write it down
    registration   ask for a client (RFC 7591)              document   be one by a document of one's own
    again          ask anew, where the provider has forgotten the client or its secret has run out

Invariants: only an admin brings this installation to an address that it did not know; a client that was got
by asking is bound to the issuer that gave it; no transaction is open while anybody is asked; what is refused
leaves nothing behind but the fact.
"""
