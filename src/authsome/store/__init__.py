"""The registry, the event log and the books: the only SQL about the domain.

- `tables/` says what is stored, `migrations/` how it came to be so.
- `rows/` has one module per noun: it maps rows to the noun's model and satisfies the noun's ports.
- `unit_of_work.py` is the one way to change a registry row; `transactions.py` runs units of work.
- `event_log.py` appends and reads facts; `sequencer.py` gives them their position and the hash chain.
- `books/` is the bookkeeping: leases, cursors, nonces, limits. No events, short transactions.

Invariants: rows and events commit together or not at all; a commit that changes a registry row which
none of its events names is refused; readers follow `position` and nothing else.

To add a noun: a table, a migration, a module in `rows/`, a property on `View`.
"""
