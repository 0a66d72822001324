"""A grant lets an identity use a connection, for a time or until it is taken away. In this shape it is all or
nothing: the whole provider.

Invariants: a principal gives a connection to an identity that they claimed, confirmed, and the connection is
theirs or shared; only they and the connection's owner take it away; there is one live grant per pair; a grant
counts only before it expires, while the identity is claimed by whoever gave it, and while the connection is
live and within their reach, which `decide` looks at each time anew, so that nothing has to be cleaned up
before a revocation holds or a time is over.

`decide.py` is the one rule about whether a request may pass: pure, and the proxy is bound by its answer.
`access/` is how an identity asks for a grant.
To narrow what a grant allows (paths, methods, times): columns here, and one more reason in `decide`.
"""
