"""The books: cursors, leases, nonces, limits and usage counts.

Each is written by the part that owns it, in a short transaction of its own, without events. On SQLite
they lie in a file of their own that does not wait for the disk: losing the last moment of them to a
power cut repeats work, and loses no fact.
"""
