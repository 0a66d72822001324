"""An identity is an agent: an Ed25519 key, its did, and the handle that the server gave it.

Invariants: a did is registered only by whoever holds its key; a handle is made by the server, says
nothing about anyone and is never issued again; a key that was rejected, revoked or replaced is never taken
again (`retired_key` remembers the replaced ones), and a released one only by being claimed anew; every
request of an identity is signed, fresh, for this server, and counts once.

`signature.py` is our profile of RFC 9421 for both sides; `did.py` reads and writes did:key.
"""
