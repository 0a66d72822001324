"""Dashboards as pages: what analytics answers, put into tiles, sentences, tables and files.

- `choices` is what the address of a page chooses, and back again;
- `page` puts the whole together; `export` makes a file of one tile;
- `tile` knows which builder draws which kind: `over_time`, `side_by_side`, `cohorts`, `lanes`;
- `words` says in words what is shown; `nothing` says what to do where there is nothing.

Invariants: a tile is drawn by its kind and never by its name, so that a new metric needs nothing here; every
number stands with its unit and its period; what is drawn, listed and downloaded are the same values.

To draw a new kind: a builder that takes a `TileAnswer` and a `Scene`, entered in `tile.BUILDERS`.
"""
