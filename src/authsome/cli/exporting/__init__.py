"""`authsome analytics export`: facts of the log as a file that other tools read.

    pages (asks the server, goes on after an outage) ─► a table (lines, csv, parquet) ─► whole (the file)

Invariants: a file is there whole or not at all, and only its owner can read it; nobody who was erased while
it was written is in it. To add a format: a class with `add` and `end` in `tables`, and its name in `FORMATS`.
"""
