"""What a builder makes: the parts of a tile that depend on its kind. And what several builders share."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.analytics.answers import LineAnswer, TileAnswer
from authsome.server.web.dashboards.scene import Scene
from authsome.server.web.pages.charts import BarChart, Column, HeatMap, Series, Table, TimeChart, Unit, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`period` is the time of the numbers where it is not that of the page; `has_any` whether there are
    numbers at all."""

    summary: str
    chart: TimeChart | BarChart | HeatMap | None
    tables: tuple[Table, ...]
    has_any: bool
    period: str = ""
    notes: tuple[str, ...] = ()


def by_bucket(scene: Scene, unit: str, series: tuple[tuple[Series, Unit], ...]) -> Table:
    """The table of what a time chart draws."""
    columns = tuple(
        Column(name=one.name, unit="" if written is Unit.PERCENT else unit, written=written)
        for one, written in series
    )
    rows = tuple(
        (start, tuple(_at(one.values, at) for one, _ in series)) for at, start in enumerate(scene.buckets)
    )
    title = f"By {scene.bucket}"
    return Table(
        key=scene.bucket, title=title, first=scene.column, columns=columns, rows=rows, newest_first=True
    )


def by_dimensions(tile: TileAnswer, scene: Scene, *, is_open: bool = False) -> tuple[Table, ...]:
    """One table for each dimension, the most first."""
    return tuple(_by(tile, scene, dimension, is_open=is_open) for dimension in tile.by)


def _by(tile: TileAnswer, scene: Scene, dimension: str, *, is_open: bool) -> Table:
    rows = tile.by[dimension]
    has_rate = any(row.rate is not None for row in rows)
    lines = counted_lines(tile, dimension)
    rate = (Column(name="Rate", written=Unit.PERCENT),) if has_rate else ()
    return Table(
        key=dimension,
        title=f"By {dimension}",
        is_open=is_open,
        first=dimension.capitalize(),
        columns=(*rate, *(Column(name=line.title, unit=tile.line_unit) for line in lines)),
        rows=tuple(
            (
                scene.called(dimension, row.name),
                (*((row.rate,) if has_rate else ()), *(row.counts.get(line.key, 0) for line in lines)),
            )
            for row in rows
        ),
    )


def counted_lines(tile: TileAnswer, dimension: str) -> tuple[LineAnswer, ...]:
    """The lines that the rows of a dimension have counts of."""
    known = {key for row in tile.by[dimension] for key in row.counts}
    return tuple(line for line in tile.lines if line.key in known)


def _at(values: tuple[Value, ...], at: int) -> Value:
    return values[at] if at < len(values) else None
