"""Tiles about coming back: a row for those who began together, a field for each week since."""

from __future__ import annotations

from collections.abc import Sequence

from authsome.analytics.answers import CohortAnswer, TileAnswer
from authsome.server.web.dashboards.parts import Parts
from authsome.server.web.dashboards.scene import Scene
from authsome.server.web.dashboards.words import amount, sentence
from authsome.server.web.filters import NOTHING, count, percent, plain_day
from authsome.server.web.pages.charts import Cell, Column, HeatMap, Table, Value

HEATS = 10
NOTE = (
    "Week 0 is the week in which they began. A number underlined with dots is of a week that is not over. "
    "Cohorts are always by the week."
)


def retention(tile: TileAnswer, scene: Scene) -> Parts:
    """A heat map that is a table: how many of each cohort were active in each week since."""
    cohorts = tile.cohorts
    most = max((len(one.retained) for one in cohorts), default=0)
    weeks = tuple("Week 0" if at == 0 else f"+{at}" for at in range(most))
    first = f"Week from ({scene.time_zone})"
    return Parts(
        summary=_summary(tile, scene),
        chart=HeatMap(
            first=first,
            columns=("Began", *weeks),
            rows=tuple((one.start, count(one.size), _cells(one, tile.unit, scene)) for one in cohorts),
        ),
        tables=(
            Table(
                key="cohorts",
                title="Numbers by week",
                first=first,
                columns=(
                    Column(name="Began", unit=tile.unit),
                    *(Column(name=f"Active in week {at}", unit=tile.unit) for at in range(most)),
                ),
                rows=tuple((one.start, (one.size, *_padded(one, most))) for one in cohorts),
            ),
        ),
        has_any=any(one.size for one in cohorts),
        period=_period(cohorts),
        notes=(NOTE,),
    )


def _period(cohorts: tuple[CohortAnswer, ...]) -> str:
    if not cohorts:
        return ""
    return f"began in the {len(cohorts)} weeks from {plain_day(cohorts[0].start)} on"


def _cells(one: CohortAnswer, unit: str, scene: Scene) -> tuple[Cell, ...]:
    last = len(one.retained) - 1
    return tuple(
        _cell(one, kept, unit, unfinished=scene.unfinished and at == last)
        for at, kept in enumerate(one.retained)
    )


def _cell(one: CohortAnswer, kept: int, unit: str, *, unfinished: bool) -> Cell:
    if not one.size:
        return Cell(text=NOTHING, said="nobody began", heat=0, unfinished=unfinished)
    share = kept / one.size
    said = f"{count(kept)} of {amount(one.size, unit)}, {percent(share)}"
    return Cell(
        text=f"{share:.0%}",
        said=f"{said}, so far" if unfinished else said,
        heat=round(share * HEATS),
        unfinished=unfinished,
    )


def _padded(one: CohortAnswer, most: int) -> tuple[Value, ...]:
    return (*one.retained, *(None for _ in range(most - len(one.retained))))


def _summary(tile: TileAnswer, scene: Scene) -> str:
    """Of all whose week after is over, and of either half of them: how many were active in it."""
    over = 3 if scene.unfinished else 2
    ripe = [one for one in tile.cohorts if len(one.retained) >= over and one.size]
    began, kept = sum(one.size for one in ripe), sum(one.retained[1] for one in ripe)
    half = len(ripe) // 2
    if not began:
        total = sum(one.size for one in tile.cohorts)
        return sentence(f"{amount(total, tile.unit)} began in these weeks; for none is the week after over")
    newer, older = ripe[half:], ripe[:half]
    halves = f": {_share(newer)} of the newer {len(newer)} weeks, {_share(older)} of the older {len(older)}"
    return sentence(
        f"Of {amount(began, tile.unit)} who began in the {len(ripe)} weeks whose next one is over, "
        f"{count(kept)} ({percent(kept / began)}) were active in that one{halves if older else ''}"
    )


def _share(cohorts: Sequence[CohortAnswer]) -> str:
    began = sum(one.size for one in cohorts)
    return percent(sum(one.retained[1] for one in cohorts) / began if began else None)
