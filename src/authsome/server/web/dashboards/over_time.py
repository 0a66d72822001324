"""Tiles drawn over time: growth, counts, rates, splits, what stands, who is active."""

from __future__ import annotations

from authsome.analytics.answers import LineAnswer, RateAnswer, TileAnswer
from authsome.server.web.dashboards.parts import Parts, by_bucket, by_dimensions
from authsome.server.web.dashboards.scene import Scene
from authsome.server.web.dashboards.words import amount, listed, lowered, named, number, sentence
from authsome.server.web.filters import count, percent
from authsome.server.web.pages.charts import Axes, Mark, Series, TimeChart, Unit, Value

OTHERS = "others"
INKS = (1, 2, 6, 3, 5, 7)  # in an order in which neighbours can be told apart, also by people who see no red
OTHER_INK = 4


def growth(tile: TileAnswer, scene: Scene) -> Parts:
    """How many there are in all above, the new ones of each bucket below."""
    new, total = tile.lines[0], tile.lines[-1]
    above, below = _series(total, 1, Mark.LINE), _series(new, 2, Mark.BAR)
    unit = tile.unit
    summary = (
        f"{amount(total.total, unit)} {lowered(total.title)} {scene.end}; "
        f"{count(new.total)} {lowered(new.title)} {scene.period}, {_than(new, scene)}"
    )
    return Parts(
        summary=sentence(summary),
        chart=_chart(
            scene,
            Axes(title=f"{unit.capitalize()} {lowered(total.title)}", share=3, series=(above,)),
            Axes(title=f"{new.title} {scene.per}", share=2, series=(below,)),
        ),
        tables=(by_bucket(scene, unit, ((above, Unit.COUNT), (below, Unit.COUNT))),),
        has_any=any(total.values),
    )


def counts(tile: TileAnswer, scene: Scene) -> Parts:
    """Several numbers of each bucket, which may count the same twice: lines, never stacked."""
    series = tuple(_series(line, ink, Mark.LINE) for line, ink in zip(tile.lines, INKS * 2, strict=False))
    first, *rest = tile.lines
    told = listed(
        [f"{amount(first.total, tile.unit)} {lowered(first.title)}"]
        + [f"{count(line.total)} {lowered(line.title)}" for line in rest]
    )
    return Parts(
        summary=sentence(f"{told} {scene.period}; {lowered(first.title)}: {_than(first, scene)}"),
        chart=_chart(scene, Axes(title=f"{tile.unit.capitalize()} {scene.per}", series=series)),
        tables=(by_bucket(scene, tile.unit, _whole(series)), *by_dimensions(tile, scene)),
        has_any=any(line.total for line in tile.lines),
    )


def rate(tile: TileAnswer, scene: Scene) -> Parts:
    """The share above, what it is a share of below."""
    assert tile.rate is not None, f"{tile.key} is a rate without one"
    above = Series(name="Rate", values=tile.rate.values, mark=Mark.LINE, ink=1)
    below = tuple(
        _series(line, ink, Mark.BAR) for line, ink in zip(tile.lines, (1, 3, 2, 4, 5, 6, 7), strict=False)
    )
    unit, first = tile.line_unit, tile.lines[0]
    return Parts(
        summary=sentence(_shared(tile, tile.rate, scene)),
        chart=_chart(
            scene,
            Axes(title=f"{first.title}, share {scene.per}", unit=Unit.PERCENT, share=3, series=(above,)),
            Axes(title=f"{unit.capitalize()} {scene.per}", share=2, series=below),
        ),
        tables=(
            by_bucket(scene, unit, ((above, Unit.PERCENT), *_whole(below))),
            *by_dimensions(tile, scene),
        ),
        has_any=any(line.total for line in tile.lines),
    )


def _shared(tile: TileAnswer, rate: RateAnswer, scene: Scene) -> str:
    """The share with its two numbers, then the rest of the whole, then what is no part of it."""
    first, *rest = tile.lines
    parts = [line for line in rest if line.key not in rate.beside]
    beside = [line for line in rest if line.key in rate.beside and line.total]
    whole = first.total + sum(line.total for line in parts)
    if whole:
        told = f"{percent(rate.total)} {lowered(first.title)} {scene.period}: {count(first.total)} of "
        told += f"{amount(whole, tile.line_unit)}; {listed(map(_told, parts))}"
    else:
        told = f"nothing to have a share of {scene.period}"
    return told + (f". Not counted in it: {listed(map(_told, beside))}" if beside else "")


def _told(line: LineAnswer) -> str:
    return f"{count(line.total)} {lowered(line.title)}"


def split(tile: TileAnswer, scene: Scene) -> Parts:
    """One number of each bucket, in its parts."""
    inks = iter(INKS * 2)
    series = tuple(
        Series(
            name=scene.names.get(line.key, line.title),
            values=line.values,
            mark=Mark.BAR,
            ink=OTHER_INK if line.key == OTHERS else next(inks),
        )
        for line in tile.lines
    )
    whole = sum(line.total for line in tile.lines)
    most = max(tile.lines, key=lambda line: line.total, default=None)
    summary = ""
    if most is not None and whole:
        name = scene.names.get(most.key, most.title)
        summary = (
            f"{amount(whole, tile.unit)} {scene.period}; most often: {name}, "
            f"{count(most.total)} ({percent(most.total / whole)})"
        )
    return Parts(
        summary=sentence(summary),
        chart=_chart(scene, Axes(title=f"{tile.unit.capitalize()} {scene.per}", series=series)),
        tables=(by_bucket(scene, tile.unit, _whole(series)),),
        has_any=whole > 0,
    )


def standing(tile: TileAnswer, scene: Scene) -> Parts:
    """What there is at the end of each bucket."""
    series = tuple(_series(line, ink, Mark.LINE) for line, ink in zip(tile.lines, INKS * 2, strict=False))
    first, *rest = tile.lines
    told = [f"{amount(first.total, tile.unit)} {lowered(first.title)}"]
    told += [f"{count(line.total)} {lowered(line.title)}" for line in rest]
    more = first.total - first.before
    word = "more" if more >= 0 else "fewer"
    than = f"{lowered(first.title)}: {count(abs(more))} {word} than {scene.end_before}"
    than += _most(tile, scene)
    title = f"{tile.unit.capitalize()} at the end of each {scene.bucket}"
    return Parts(
        summary=sentence(f"{listed(told)} {scene.end}; {than}"),
        chart=_chart(scene, Axes(title=title, series=series)),
        tables=(*by_dimensions(tile, scene, is_open=True), by_bucket(scene, tile.unit, _whole(series))),
        has_any=any(any(line.values) for line in tile.lines),
        period=scene.end,
    )


def active(tile: TileAnswer, scene: Scene) -> Parts:
    """How many were active in each bucket; of several buckets the mean."""
    (line,) = tile.lines
    series = Series(name=line.title, values=line.values, mark=Mark.BAR, ink=1)
    last = line.values[-1] if line.values else 0
    before = f"{number(line.before)} in the {len(scene.buckets)} {scene.bucket}s before"
    latest = f"{scene.this_bucket} so far" if scene.unfinished else f"in the last {scene.bucket}"
    summary = (
        f"{number(line.total)} {named(line.total, tile.unit)} active on average in a {scene.bucket} "
        f"{scene.period}, {before}; {count(last)} {latest}"
    )
    return Parts(
        summary=sentence(summary),
        chart=_chart(scene, Axes(title=f"{tile.unit.capitalize()} active {scene.per}", series=(series,))),
        tables=(by_bucket(scene, tile.unit, _whole((series,))),),
        has_any=any(line.values),
    )


def _chart(scene: Scene, *axes: Axes) -> TimeChart:
    return TimeChart(
        starts=scene.buckets,
        bucket=scene.bucket,
        until=scene.until,
        unfinished=scene.unfinished,
        axes=axes,
    )


def _series(line: LineAnswer, ink: int, mark: Mark) -> Series:
    values: tuple[Value, ...] = line.values
    return Series(name=line.title, values=values, mark=mark, ink=ink)


def _whole(series: tuple[Series, ...]) -> tuple[tuple[Series, Unit], ...]:
    return tuple((one, Unit.COUNT) for one in series)


def _most(tile: TileAnswer, scene: Scene) -> str:
    """Which value of the dimension has the most, where there is one."""
    dimension, rows = next(iter(tile.by.items()), ("", ()))
    if not rows or not (most := rows[0].counts.get(tile.lines[0].key, 0)):
        return ""
    return f"; most with {scene.called(dimension, rows[0].name)}, {count(most)}"


def _than(line: LineAnswer, scene: Scene) -> str:
    more = line.total - line.before
    if not more:
        return f"as many as {scene.before}"
    return f"{count(abs(more))} {'more' if more > 0 else 'fewer'} than {scene.before}"
