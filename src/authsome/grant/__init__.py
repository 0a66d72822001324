"""A grant lets an identity use a connection. In this shape it is all or nothing: the whole provider.

Invariants: a grant joins an identity and a connection of the same principal, and only that principal makes or
removes it, confirmed; there is one live grant per pair; a grant counts only while the identity is claimed
by the connection's owner and the connection is live, which `decide` looks at each time anew, so that
nothing has to be cleaned up before a revocation holds.

`decide.py` is the one rule about whether a request may pass: pure, and the proxy is bound by its answer.
To narrow what a grant allows (paths, methods, times): columns here, and one more reason in `decide`.
"""
