"""A tile as a page shows it: a question, its answer in a sentence, what is drawn of it, and its tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from authsome.server.web.pages.charts import BarChart, HeatMap, Table, TimeChart
from authsome.server.web.pages.frame import Empty


class Direction(StrEnum):
    """Which way a number went. Whether that is good depends on the number, so it is never coloured."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a metric says of itself: name, question, what exactly is counted, how it moves when it is well."""

    title: str
    question: str
    definition: str
    healthy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The one number of a tile: written out, what it is of, and what became of it since the time before."""

    value: str
    unit: str
    label: str
    change: str
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file of a tile. `name` says which of its tables it holds, if that is not the only one."""

    name: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One question of the dashboard. Where there is nothing to draw, `empty` stands in its place.

    A tile without a chart shows its first table. `notes` say what the reader must know, such as a filter
    that this metric does not have. `period` is the time its numbers are of.
    """

    anchor: str
    words: Words
    period: str
    headline: Headline
    summary: str
    chart: TimeChart | BarChart | HeatMap | None
    tables: tuple[Table, ...]
    empty: Empty | None
    notes: tuple[str, ...] = ()
    downloads: tuple[Download, ...] = ()
