"""Rollups: what the event log comes to, kept up to date as it grows.

- `fold` says what a fact adds; a plain function, and the only place that says it.
- `active` and `firsts` are indexes over the rollups, for what pages would otherwise count or search.
- `rollups` adds a fold to the tables, or starts them anew from the baseline.
- `project` follows the log with the cursor `analytics`.

Invariants: cursor and rollups move in one transaction, so a fact counts once however often it is tried;
rollups = baseline (deleted facts) + fold of the facts behind the retention mark, and can be made anew.

To change what is kept: change `fold` and raise `VERSION` there; each installation then rebuilds by itself.
"""
