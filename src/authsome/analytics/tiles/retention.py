"""Tiles of cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from authsome.analytics.answers import CohortAnswer, HeadlineAnswer
from authsome.analytics.asked import Span
from authsome.analytics.compile.rollup import retention as sql
from authsome.analytics.metric import Retention


def retention_numbers(connection: Connection, metric: Retention, span: Span) -> dict[str, Any]:
    """The cohorts up to the last day shown; the headline is the share that came back in the next bucket."""
    last = metric.bucket.start(span.last)
    starts = [metric.bucket.back(last, back) for back in reversed(range(metric.cohorts))]
    shown = sql.Shown(starts, metric.bucket.after(last), span.zone)
    sizes = {int(number): int(count) for number, count in connection.execute(sql.sizes(metric, shown))}
    retained = {
        (cohort, start): int(count)
        for cohort, start, count in connection.execute(sql.returned(metric, shown))
    }
    cohorts = tuple(
        CohortAnswer(
            start=start,
            size=sizes[number],
            retained=tuple(retained.get((start, later), 0) for later in starts[number:]),
        )
        for number, start in enumerate(starts)
    )
    return {"cohorts": cohorts, "headline": _headline(metric, cohorts)}


def _headline(metric: Retention, cohorts: Sequence[CohortAnswer]) -> HeadlineAnswer:
    """Back in the bucket after: the newer half of the cohorts whose next one is over, beside the older."""
    over = [one for one in cohorts if len(one.retained) > 2]
    return HeadlineAnswer(
        label=f"Active in the {metric.bucket.value} after, newer half",
        value=_returned(over[len(over) // 2 :]),
        before=_returned(over[: len(over) // 2]),
        unit="percent",
    )


def _returned(cohorts: Sequence[CohortAnswer]) -> float | None:
    size = sum(one.size for one in cohorts)
    return sum(one.retained[1] for one in cohorts) / size if size else None
