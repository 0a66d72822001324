"""Tiles of steps: how many took each, and how long the timed one took."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from sqlalchemy import Connection

from authsome.analytics.answers import HeadlineAnswer, StepAnswer, TimesAnswer
from authsome.analytics.asked import Scope
from authsome.analytics.compile.rollup.funnel import microseconds, reached
from authsome.analytics.metric import Funnel

MICROS = 1_000_000
LIMITS = (("5 minutes", 300), ("1 hour", 3_600), ("1 day", 86_400), ("14 days", 14 * 86_400))


def funnel_numbers(connection: Connection, metric: Funnel, scope: Scope) -> dict[str, Any]:
    """Steps and times; the headline is the share that took every step."""
    at = [step.key for step in metric.steps].index(metric.timed)
    counts = _counts(connection, metric, scope)
    before = _counts(connection, metric, Scope(scope.span.before, scope.narrowing))
    steps = tuple(
        StepAnswer(key=step.key, title=step.title, count=count, share=_share(count, counts[0]))
        for step, count in zip(metric.steps, counts, strict=True)
    )
    return {
        "steps": steps,
        "times": _times(metric, connection.execute(microseconds(metric, scope)).scalars().all(), at),
        "headline": HeadlineAnswer(
            label=steps[-1].title,
            value=steps[-1].share,
            before=_share(before[-1], before[0]),
            unit="percent",
        ),
    }


def _counts(connection: Connection, metric: Funnel, scope: Scope) -> list[int]:
    """How many took each step."""
    stopped = connection.execute(reached(metric, scope)).all()
    return [sum(number for steps, number in stopped if steps > step) for step in range(len(metric.steps))]


def _times(metric: Funnel, taken: Sequence[int], at: int) -> TimesAnswer:
    seconds = [micros / MICROS for micros in taken]
    return TimesAnswer(
        title=f"{metric.steps[0].title} to {metric.steps[at].title.lower()}",
        median_seconds=median(seconds) if seconds else None,
        within=tuple((name, sum(one <= limit for one in seconds)) for name, limit in LIMITS),
    )


def _share(count: int, whole: int) -> float | None:
    return count / whole if whole else None
