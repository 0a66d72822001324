"""Dashboards drawn in a terminal: the numbers of the API's answer as sparklines, bars and small tables.

    pen (width, characters, colour), words (numbers as people say them) ─► marks (rows) ─► tiles ─► dashboard
    tidy: the same numbers as CSV, one number a row

Invariants: no line is wider than the terminal; nothing is written that its encoding has no character for;
no number is drawn that `--json` does not have. To add a kind of tile: a function in `tiles` that draws the
part of the answer that only it has, and its rows in `tidy`.
"""
