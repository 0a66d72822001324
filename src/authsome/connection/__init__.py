"""A connection is a principal's standing access to one provider: a secret in a vault, and a name for it.

    connected ──▶ logged_out      its principal put it away here
        └───────▶ revoked         it must never be used again, said its principal or an admin

Invariants: among a principal's live connections to one provider each name is there once and at most one is
the default; a live connection's secret is replaced only where that was meant; an ended connection has no
secret any more and its id is never used again; no use case returns a secret but those of `find`, which are
for the request that is about to carry it, and `export`, which is for its principal, with their password.

Whoever makes a connection does so in an auth session (`auth_session/`), so that tries are counted too.
To add an end: a state in `model.py`, its event, and a verb that calls `end_connection`.
"""
