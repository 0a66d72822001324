"""A whole dashboard: of which days it is, then its tiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from authsome.cli.drawing.pen import BOLD, DIM, Pen
from authsome.cli.drawing.tiles import draw_tile
from authsome.cli.output import moment


def draw_dashboard(found: Mapping[str, Any], pen: Pen) -> Iterator[str]:
    """Its lines. The time, the buckets and the time zone are always said."""
    days = (date.fromisoformat(found["until"]) - date.fromisoformat(found["since"])).days + 1
    spell = "day" if days == 1 else f"{days} days"
    time = f"{found['since']} to {found['until']}, by {found['bucket']}, {found['time_zone']}"
    yield from pen.prose(found["title"], BOLD)
    yield from pen.prose(time)
    yield from pen.prose(f"Compared with the {spell} before. As of {moment(found['as_of'])}.", DIM)
    for name, value in found["filters"].items():
        if value:
            yield from pen.prose(f"Only {name} {value}.")
    for tile in found["tiles"].values():
        yield ""
        yield from draw_tile(tile, pen)
