"""Tiles of steps: how many took each, and how long the timed one took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection

from authsome.analytics.answers import HeadlineAnswer, StepAnswer, TimesAnswer
from authsome.analytics.asked import Scope
from authsome.analytics.compile.rollup.funnel import first_times
from authsome.analytics.metric import Funnel

MICROS = 1_000_000
LIMITS = (("5 minutes", 300), ("1 hour", 3_600), ("1 day", 86_400), ("14 days", 14 * 86_400))

Times = tuple[int | None, ...]


def funnel_numbers(connection: Connection, metric: Funnel, scope: Scope) -> dict[str, Any]:
    """Steps and times; the headline is the share that took the timed step."""
    at = [step.key for step in metric.steps].index(metric.timed)
    taken = _taken(connection, metric, scope)
    before = _taken(connection, metric, Scope(scope.span.before, scope.narrowing))
    counts = [sum(reached > step for reached, _ in taken) for step in range(len(metric.steps))]
    steps = tuple(
        StepAnswer(key=step.key, title=step.title, count=count, share=_share(count, counts[0]))
        for step, count in zip(metric.steps, counts, strict=True)
    )
    earlier = _share(sum(reached > at for reached, _ in before), len(before))
    return {
        "steps": steps,
        "times": _times(metric, [times for reached, times in taken if reached > at], at),
        "headline": HeadlineAnswer(
            label=metric.steps[at].title, value=steps[at].share, before=earlier, unit="percent"
        ),
    }


def _taken(connection: Connection, metric: Funnel, scope: Scope) -> list[tuple[int, Times]]:
    """How many steps each took, and when."""
    rows = connection.execute(first_times(metric, scope)).all()
    return [(steps_taken(times, metric.within), times) for times in map(tuple, rows)]


def steps_taken(times: Times, within: timedelta) -> int:
    """How many of the first times are in order, each no later than `within` after the first one."""
    begun = times[0]
    assert begun is not None
    latest, limit = begun, begun + within // timedelta(microseconds=1)
    for number, at in enumerate(times):
        if at is None or at < latest or at > limit:
            return number
        latest = at
    return len(times)


def _times(metric: Funnel, times: Sequence[Times], at: int) -> TimesAnswer:
    seconds = sorted(((one[at] or 0) - (one[0] or 0)) / MICROS for one in times)
    return TimesAnswer(
        title=f"{metric.steps[0].title} to {metric.steps[at].title.lower()}",
        median_seconds=median(seconds) if seconds else None,
        within=tuple((name, sum(one <= limit for one in seconds)) for name, limit in LIMITS),
    )


def _share(count: int, whole: int) -> float | None:
    return count / whole if whole else None
