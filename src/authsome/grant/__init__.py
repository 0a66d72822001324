"""A grant lets an identity use a connection. In this shape it is all or nothing: the whole provider.

Invariants: a principal gives a connection to an identity that they claimed, confirmed, and the connection is
theirs or shared; only they and the connection's owner take it away; there is one live grant per pair; a grant
counts only while the identity is claimed by whoever gave it and the connection is live and within their
reach, which `decide` looks at each time anew, so that nothing has to be cleaned up before a revocation holds.

`decide.py` is the one rule about whether a request may pass: pure, and the proxy is bound by its answer.
To narrow what a grant allows (paths, methods, times): columns here, and one more reason in `decide`.
"""
