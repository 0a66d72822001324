"""What a dashboard says, as plain values: for the page, the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from authsome.kit.clock import rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """One line of a tile. `values` has one count per day shown.

    `total` is the count over the whole time shown and `before` over as many days before it, each counted
    value once; of a running total they are its value at the end of each.
    """

    key: str
    title: str
    values: tuple[int, ...]
    total: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAnswer:
    """Shares between 0 and 1, None where there was nothing to have a share of."""

    values: tuple[float | None, ...]
    total: float | None
    before: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAnswer:
    """One value of a dimension ('' where facts have none), its counts by line, and the rate of a rate."""

    name: str
    counts: Mapping[str, int]
    rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TileAnswer:
    """One tile: what it is, and its numbers. `by` has, for each dimension, its rows with the most first."""

    key: str
    title: str
    question: str
    definition: str
    healthy: str
    unit: str
    lines: tuple[LineAnswer, ...]
    rate: RateAnswer | None = None
    by: Mapping[str, tuple[RowAnswer, ...]] = field(default_factory=dict)

    def line(self, key: str) -> LineAnswer:
        """The line of that key. Raises `KeyError` where the metric has none such."""
        return {line.key: line for line in self.lines}[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardAnswer:
    """A dashboard over `days`, the last of which is today in `time_zone`.

    It holds for the facts up to `position`; `lag` more were in the log. `as_of` is when that was everything.
    """

    name: str
    title: str
    days: tuple[date, ...]
    time_zone: str
    as_of: datetime
    position: int
    lag: int
    tiles: tuple[TileAnswer, ...]

    def tile(self, key: str) -> TileAnswer:
        """The tile of that key. Raises `KeyError` where the dashboard has none such."""
        return {tile.key: tile for tile in self.tiles}[key]

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON values. Keys are never renamed."""
        return {
            "dashboard": self.name,
            "title": self.title,
            "since": self.days[0].isoformat(),
            "until": self.days[-1].isoformat(),
            "time_zone": self.time_zone,
            "as_of": rfc3339(self.as_of),
            "position": self.position,
            "lag": self.lag,
            "days": [day.isoformat() for day in self.days],
            "tiles": {tile.key: _tile(tile) for tile in self.tiles},
        }


def _tile(tile: TileAnswer) -> dict[str, Any]:
    return {
        "title": tile.title,
        "question": tile.question,
        "definition": tile.definition,
        "healthy": tile.healthy,
        "unit": tile.unit,
        "lines": {
            line.key: {
                "title": line.title,
                "total": line.total,
                "before": line.before,
                "values": list(line.values),
            }
            for line in tile.lines
        },
        "rate": tile.rate and {**_totals(tile.rate), "values": list(tile.rate.values)},
        "by": {
            dimension: [{"name": row.name, "counts": dict(row.counts), "rate": row.rate} for row in rows]
            for dimension, rows in tile.by.items()
        },
    }


def _totals(rate: RateAnswer) -> dict[str, float | None]:
    return {"total": rate.total, "before": rate.before}
