"""An MCP server, or any other API that says who guards it, becomes a provider by its address alone.

    address    what was asked for, and where its documents lie     challenge   what a 401 says (RFC 9728)
    resource   what the API says of itself (RFC 9728)              server      who guards it (RFC 8414)
    walk       from the one to the other                           describe    the definition that comes of it
    failure    why it does not work, from a closed list            web         who fetches, as a port

Invariants: a document is believed about exactly the address it was fetched for, and about nothing else; all
of it is a stranger's text, bounded, checked key by key, and shown to nobody as if it were ours; nothing is
fetched but over https, from an address that a secret might be sent to, without following redirects: whoever
answers could otherwise make this installation ask whatever it reaches (RFC 9728 §7.7). No transaction is open
meanwhile.
"""
