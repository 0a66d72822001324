"""What one tile says, from the rollups: one module per form of metric.

    answer_tile(books, plan, scope, head=…) -> TileAnswer

A tile is read with a few queries of `compile.rollup`, inside the caller's transaction, so that all tiles of a
dashboard are of the same moment.
"""

from __future__ import annotations

from authsome.analytics.tiles.tile import answer_tile

__all__ = ["answer_tile"]
