"""Tiles whose names stand below each other: rankings by a dimension, and the steps of a funnel."""

from __future__ import annotations

from authsome.analytics.answers import StepAnswer, TileAnswer, TimesAnswer
from authsome.server.web.dashboards.parts import Parts, counted_lines
from authsome.server.web.dashboards.scene import Scene
from authsome.server.web.dashboards.words import amount, lasted, listed, lowered, sentence
from authsome.server.web.filters import count, percent
from authsome.server.web.pages.charts import BarChart, Bars, Column, Table, Unit


def ranking(tile: TileAnswer, scene: Scene) -> Parts:
    """The values of one dimension, the most first; a second line stands beside the first."""
    dimension, rows = next(iter(tile.by.items()), ("", ()))
    lines = counted_lines(tile, dimension) if dimension else ()
    names = tuple(scene.called(dimension, row.name) for row in rows)
    bars = tuple(
        Bars(
            name=line.title,
            values=tuple(row.counts.get(line.key, 0) for row in rows),
            labels=tuple(count(row.counts.get(line.key, 0)) for row in rows),
            ink=ink,
        )
        for line, ink in zip(lines, (1, 2), strict=False)
    )
    return Parts(
        summary=_leads(tile, scene, names),
        chart=BarChart(names=names, bars=bars),
        tables=(
            Table(
                key=dimension,
                title=f"By {dimension}",
                first=dimension.capitalize(),
                columns=tuple(Column(name=line.title, unit=lowered(line.title)) for line in lines),
                rows=tuple(
                    (name, tuple(row.counts.get(line.key, 0) for line in lines))
                    for name, row in zip(names, rows, strict=True)
                ),
            ),
        ),
        has_any=bool(rows),
    )


def _leads(tile: TileAnswer, scene: Scene, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    dimension, rows = next(iter(tile.by.items()))
    line = counted_lines(tile, dimension)[0]
    most = rows[0].counts.get(line.key, 0)
    whole = sum(row.counts.get(line.key, 0) for row in rows)
    share = f" ({percent(most / whole)})" if whole else ""
    more = "" if len(names) == 1 else f"; {len(names)} {dimension}s have any"
    return sentence(
        f"{names[0]} leads with {count(most)} of {amount(whole, tile.unit)}{share} {scene.period}{more}"
    )


def funnel(tile: TileAnswer, scene: Scene) -> Parts:
    """The steps one below the other, with the share of the first that took each; and how long one took."""
    steps = tile.steps
    bars = Bars(
        name=tile.unit.capitalize(),
        values=tuple(step.count for step in steps),
        labels=tuple(f"{count(step.count)} · {percent(step.share)}" for step in steps),
        ink=1,
    )
    tables = (_steps(tile), *((_times(tile, tile.times),) if tile.times else ()))
    return Parts(
        summary=_passed(tile, scene),
        chart=BarChart(names=tuple(step.title for step in steps), bars=(bars,)),
        tables=tables,
        has_any=bool(steps) and steps[0].count > 0,
    )


def _passed(tile: TileAnswer, scene: Scene) -> str:
    first, *rest = tile.steps

    def took(step: StepAnswer) -> str:
        return f"{count(step.count)} {lowered(step.title)} ({percent(step.share)})"

    began = f"of {amount(first.count, tile.unit)} {lowered(first.title)} {scene.period}"
    text = f"{began}: {listed(map(took, rest))}"
    if tile.times and tile.times.median_seconds is not None:
        took_most = lasted(tile.times.median_seconds)
        text += f". {tile.times.title}: half of them took {took_most} or less"
    return sentence(text)


def _steps(tile: TileAnswer) -> Table:
    return Table(
        key="steps",
        title="By step",
        first="Step",
        columns=(
            Column(name=tile.unit.capitalize(), unit=tile.unit),
            Column(name="Share of the first", written=Unit.PERCENT),
        ),
        rows=tuple((step.title, (step.count, step.share)) for step in tile.steps),
    )


def _times(tile: TileAnswer, times: TimesAnswer) -> Table:
    return Table(
        key="times",
        title=f"Time from {lowered(times.title)}",
        first="Within",
        columns=(Column(name=tile.unit.capitalize(), unit=tile.unit),),
        rows=tuple((limit, (number,)) for limit, number in times.within),
    )
