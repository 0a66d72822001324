"""What a dashboard says, as plain values: for the page, the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from authsome.kit.clock import rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineAnswer:
    """The one number of a tile, and the same of the time before. `label` says what of it this is.

    `unit` is `percent` for a share between 0 and 1; None where there was nothing to count.
    """

    label: str
    value: float | None
    before: float | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """One line of a tile. `values` has one number per bucket shown.

    `total` is the number over the whole time shown and `before` over as many days before it, each counted
    value once; of what stands they are the number at the end of each, of who is active the mean of the
    buckets that are over.
    """

    key: str
    title: str
    values: tuple[int, ...]
    total: float
    before: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAnswer:
    """Shares between 0 and 1, None where there was nothing to have a share of.

    `beside` are the keys of the lines that are shown without counting in it.
    """

    values: tuple[float | None, ...]
    total: float | None
    before: float | None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAnswer:
    """One value of a dimension ('' where facts have none), its counts by line, and the rate of a rate."""

    name: str
    counts: Mapping[str, int]
    rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAnswer:
    """One step of a funnel: how many took it, and which share of the first step that is."""

    key: str
    title: str
    count: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesAnswer:
    """How long the timed step of a funnel took: its median in seconds, and how many within each limit."""

    title: str
    median_seconds: float | None
    within: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortAnswer:
    """Those who began in one bucket, and how many were active in it and each later one up to now."""

    start: date
    size: int
    retained: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneAnswer:
    """How far one lane is: facts that wait, facts set aside, uses dropped before they were facts."""

    name: str
    works: bool
    lag: int
    dead_letters: int
    paused: str | None
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TileAnswer:
    """One tile: what it is, and its numbers. `by` has, for each dimension, its rows with the most first.

    `ignores` names the filters that were asked for and that this metric cannot be narrowed by: it shows
    everything. What a kind of tile does not have is empty. `line_unit` is what its lines are numbers of:
    the unit, unless that is a share.
    """

    key: str
    kind: str
    title: str
    question: str
    definition: str
    healthy: str
    unit: str
    line_unit: str
    headline: HeadlineAnswer
    lines: tuple[LineAnswer, ...] = ()
    rate: RateAnswer | None = None
    by: Mapping[str, tuple[RowAnswer, ...]] = field(default_factory=dict)
    steps: tuple[StepAnswer, ...] = ()
    times: TimesAnswer | None = None
    cohorts: tuple[CohortAnswer, ...] = ()
    lanes: tuple[LaneAnswer, ...] = ()
    ignores: tuple[str, ...] = ()

    def line(self, key: str) -> LineAnswer:
        """The line of that key. Raises `KeyError` where the metric has none such."""
        return {line.key: line for line in self.lines}[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardAnswer:
    """A dashboard over whole buckets of days; the last may not be over. `buckets` are their first days.

    It holds for the facts up to `position`; `lag` more were in the log. `as_of` is when that was everything.
    """

    name: str
    title: str
    description: str
    since: date
    until: date
    bucket: str
    buckets: tuple[date, ...]
    filters: Mapping[str, str]
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
            "description": self.description,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "bucket": self.bucket,
            "buckets": [start.isoformat() for start in self.buckets],
            "filters": dict(self.filters),
            "time_zone": self.time_zone,
            "as_of": rfc3339(self.as_of),
            "position": self.position,
            "lag": self.lag,
            "tiles": {tile.key: _tile(tile) for tile in self.tiles},
        }


def _tile(tile: TileAnswer) -> dict[str, Any]:
    return {
        "kind": tile.kind,
        "title": tile.title,
        "question": tile.question,
        "definition": tile.definition,
        "healthy": tile.healthy,
        "unit": tile.unit,
        "line_unit": tile.line_unit,
        "headline": asdict(tile.headline),
        "lines": {line.key: _line(line) for line in tile.lines},
        "rate": _rate(tile.rate) if tile.rate else None,
        "by": {
            dimension: [{"name": row.name, "counts": dict(row.counts), "rate": row.rate} for row in rows]
            for dimension, rows in tile.by.items()
        },
        "steps": [
            {"step": one.key, "title": one.title, "count": one.count, "share": one.share}
            for one in tile.steps
        ],
        "times": _times(tile.times) if tile.times else None,
        "cohorts": [
            {"start": one.start.isoformat(), "size": one.size, "retained": list(one.retained)}
            for one in tile.cohorts
        ],
        "lanes": [asdict(lane) for lane in tile.lanes],
        "ignores": list(tile.ignores),
    }


def _rate(rate: RateAnswer) -> dict[str, Any]:
    return {
        "values": list(rate.values),
        "total": rate.total,
        "before": rate.before,
        "beside": list(rate.beside),
    }


def _line(line: LineAnswer) -> dict[str, Any]:
    return {
        "title": line.title,
        "total": line.total,
        "before": line.before,
        "values": list(line.values),
    }


def _times(times: TimesAnswer) -> dict[str, Any]:
    return {
        "title": times.title,
        "median_seconds": times.median_seconds,
        "within": [{"limit": limit, "count": count} for limit, count in times.within],
    }
