"""How the schema came to be: two lines of Alembic migrations, `registry/` and `ledger/`.

On SQLite each line has a file of its own; on PostgreSQL both run in one database, each with its own version
table. `HEADS` is what a current database carries, so that a start need not load Alembic to know; a test
holds it to the files.

To add one: change `store/tables`, write `NNNN_what.py` in the right folder, and set its number below.
"""

from __future__ import annotations

HEADS = {"registry": "0015", "ledger": "0011"}
