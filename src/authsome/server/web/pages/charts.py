"""What a tile draws, as values: charts over time, bars side by side, a heat map; and the tables of the same.

A chart says everything that the script reads; a table has plain numbers, so that the page, which writes them
out, and the file to download, which does not, cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from authsome.server.web.filters import count, mean, percent

Value = float | None


class Mark(StrEnum):
    """How a series is drawn."""

    BAR = "bar"
    LINE = "line"


class Unit(StrEnum):
    """How a number is written: whole, with one digit after the point, or as a share."""

    COUNT = "count"
    MEAN = "mean"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of values. `ink` is the number of the chart colour, 1 to 7."""

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

    @property
    def has_legend(self) -> bool:
        """Whether there is more than one series to tell apart."""
        return len(self.series) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChart:
    """Values by bucket: a day, a week from Monday on, a calendar month. The last may not be over."""

    starts: tuple[date, ...]
    bucket: str
    until: date
    unfinished: bool
    axes: tuple[Axes, ...]
    template: ClassVar[str] = "chart.html"
    height: ClassVar[str] = "time"
    zooms: ClassVar[bool] = True

    @property
    def legend(self) -> tuple[Series, ...]:
        """The series that can be hidden: those that stand beside another on their axes."""
        return tuple(series for axes in self.axes if axes.has_legend for series in axes.series)

    def data(self) -> dict[str, object]:
        """What the script reads."""
        return {
            "kind": "time",
            "bucket": self.bucket,
            "days": [start.isoformat() for start in self.starts],
            "until": self.until.isoformat(),
            "unfinished": self.unfinished,
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
class Bars:
    """One number of each name, and how it is written at the end of its bar."""

    name: str
    values: tuple[float, ...]
    labels: tuple[str, ...]
    ink: int


MOST = 10  # names of which bars are drawn; what comes after is in the table


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Names one below the other, with a bar or two each."""

    names: tuple[str, ...]
    bars: tuple[Bars, ...]
    template: ClassVar[str] = "chart.html"
    zooms: ClassVar[bool] = False

    @property
    def height(self) -> str:
        """One of three heights, by the number of bars: the policy leaves no room for an exact one."""
        drawn = min(MOST, len(self.names)) * len(self.bars)
        return "few" if drawn <= 3 else "some" if drawn <= 6 else "many"

    @property
    def legend(self) -> tuple[Bars, ...]:
        """The series that can be hidden."""
        return self.bars if len(self.bars) > 1 else ()

    def data(self) -> dict[str, object]:
        """What the script reads."""
        return {
            "kind": "bars",
            "names": list(self.names[:MOST]),
            "series": [
                {
                    "name": one.name,
                    "ink": one.ink,
                    "values": list(one.values[:MOST]),
                    "labels": list(one.labels[:MOST]),
                }
                for one in self.bars
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One field of a heat map. `heat` is 0 to 10; `unfinished` where its time is not over."""

    text: str
    said: str
    heat: int
    unfinished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """A real table whose fields are the darker the larger their share is."""

    first: str
    columns: tuple[str, ...]
    rows: tuple[tuple[date, str, tuple[Cell, ...]], ...]
    template: ClassVar[str] = "heat.html"

    def data(self) -> dict[str, object]:
        """What the script reads, for the picture: on the page the table itself is what is seen."""
        return {
            "kind": "heat",
            "columns": [self.first, *self.columns],
            "rows": [
                {
                    "start": start.isoformat(),
                    "size": size,
                    "cells": [[cell.text, cell.heat] for cell in cells],
                }
                for start, size, cells in self.rows
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of numbers. `unit` stands in the header, since no number is without one."""

    name: str
    unit: str = ""
    written: Unit = Unit.COUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The same numbers to read: by day, by a dimension, by step. `key` names it among those of its tile."""

    key: str
    title: str
    first: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[date | str, tuple[Value | str, ...]], ...]
    newest_first: bool = False
    is_open: bool = False

    @property
    def shown(self) -> list[tuple[date | str, list[str]]]:
        """The rows as a person wants them: written out, and the newest first where they are days."""
        rows = reversed(self.rows) if self.newest_first else self.rows
        return [
            (
                first,
                [write(value, column.written) for value, column in zip(values, self.columns, strict=True)],
            )
            for first, values in rows
        ]


def write(value: Value | str, written: Unit) -> str:
    """A value as a page shows it."""
    if isinstance(value, str):
        return value
    return {Unit.PERCENT: percent, Unit.MEAN: mean, Unit.COUNT: count}[written](value)


def _series(series: Series) -> dict[str, object]:
    return {"name": series.name, "mark": series.mark.value, "ink": series.ink, "values": list(series.values)}
