"""Charts as values: what is drawn, what its table lists, and the data block the script reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from authsome.server.web.filters import count, percent

WEEK = 7
DAILY_UP_TO = 120  # more bars than that are thinner than a pixel or two on a phone

MOST = 10  # bars of a ranking; what comes after is in its table

Value = float | None


class Mark(StrEnum):
    """How a series is drawn."""

    BAR = "bar"
    LINE = "line"


class Unit(StrEnum):
    """What a number on the axis is."""

    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of values. `ink` is the number of the chart colour, 1 to 4."""

    name: str
    values: tuple[Value, ...]
    mark: Mark
    ink: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """One pair of axes. Several stand above each other on the same days: no two units share a scale."""

    title: str
    series: tuple[Series, ...]
    unit: Unit = Unit.COUNT
    share: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChart:
    """Values by day, or by seven days that begin at the day named."""

    starts: tuple[date, ...]
    weekly: bool
    axes: tuple[Axes, ...]
    height: ClassVar[str] = "time"
    by_day: ClassVar[bool] = True

    @property
    def header(self) -> tuple[str, ...]:
        """Column names of the table."""
        return ("Seven days from" if self.weekly else "Day", *(s.name for a in self.axes for s in a.series))

    def rows(self) -> list[tuple[date, list[str]]]:
        """The table, newest first."""
        columns = [(a.unit, s.values) for a in self.axes for s in a.series]
        return [
            (start, [write(values[at], unit) for unit, values in columns])
            for at, start in reversed(list(enumerate(self.starts)))
        ]

    def data(self) -> dict[str, object]:
        """What the script reads."""
        return {
            "kind": "time",
            "weekly": self.weekly,
            "days": [start.isoformat() for start in self.starts],
            "axes": [
                {
                    "title": one.title,
                    "unit": one.unit.value,
                    "share": one.share,
                    "series": [_series(series) for series in one.series],
                }
                for one in self.axes
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RankChart:
    """Names in order of one number, longest bar first."""

    column: str
    names: tuple[str, ...]
    values: tuple[int, ...]
    by_day: ClassVar[bool] = False

    @property
    def height(self) -> str:
        """One of three heights, by the number of bars: the policy leaves no room for an exact one."""
        return "few" if len(self.names) <= 3 else "some" if len(self.names) <= 6 else "many"

    @property
    def header(self) -> tuple[str, ...]:
        """Column names of the table."""
        return ("Name", self.column)

    def rows(self) -> list[tuple[str, list[str]]]:
        """The whole table; only the first bars are drawn."""
        return [(name, [count(value)]) for name, value in zip(self.names, self.values, strict=True)]

    def data(self) -> dict[str, object]:
        """What the script reads."""
        return {"kind": "rank", "names": list(self.names[:MOST]), "values": list(self.values[:MOST])}


def write(value: Value, unit: Unit) -> str:
    """A value as the table shows it."""
    return percent(value) if unit is Unit.PERCENT else count(value)


def weeks(length: int) -> list[slice]:
    """Cuts `length` days into sevens, counted back from the last, so that the newest is whole."""
    cuts = list(range(length, 0, -WEEK))
    return [slice(max(0, cut - WEEK), cut) for cut in reversed(cuts)]


def buckets(length: int) -> list[slice]:
    """One slice per bar: days, or weeks where days would be too thin."""
    return weeks(length) if length > DAILY_UP_TO else [slice(at, at + 1) for at in range(length)]


def sums(values: Sequence[int], cuts: Sequence[slice]) -> tuple[int, ...]:
    """The sum in each slice."""
    return tuple(sum(values[cut]) for cut in cuts)


def lasts(values: Sequence[int], cuts: Sequence[slice]) -> tuple[int, ...]:
    """The last value in each slice: what a running total comes to."""
    return tuple(values[cut][-1] for cut in cuts)


def _series(series: Series) -> dict[str, object]:
    return {"name": series.name, "mark": series.mark.value, "ink": series.ink, "values": list(series.values)}
