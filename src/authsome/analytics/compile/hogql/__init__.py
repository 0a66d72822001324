"""A metric as HogQL, PostHog's SQL: one module per form of metric.

    question(metric, frame) -> str      what a bucket, a step or a cohort comes to
    taken_apart(metrics, dimension)     what each value of a dimension comes to

Distinct ids are counted, never rows: PostHog removes duplicates late or not at all. Days, weeks and months
are those of the project's time zone. A question about some days has `{filters}`, which takes the date range
of the insight or dashboard and whatever a person narrows it to; one that counts from the beginning asks
through `pick.THESE`, so that a person can still narrow it to an installation.
"""

from __future__ import annotations

from authsome.analytics.compile.hogql.active import active_over_time
from authsome.analytics.compile.hogql.counted import over_time, ranking
from authsome.analytics.compile.hogql.funnel import steps
from authsome.analytics.compile.hogql.pick import Frame
from authsome.analytics.compile.hogql.retention import cohorts
from authsome.analytics.metric import Active, Counted, Dimension, Funnel, Kind, Metric, Retention

__all__ = ["Frame", "question", "taken_apart"]


def question(metric: Metric, frame: Frame) -> str:
    """The metric over the frame. Raises `TypeError` for one that PostHog cannot be asked."""
    match metric:
        case Counted() if metric.kind is Kind.RANKING:
            return ranking((metric,), metric.by[0])
        case Counted():
            return over_time(metric, frame)
        case Active():
            return active_over_time(metric, frame)
        case Funnel():
            return steps(metric, frame)
        case Retention():
            return cohorts(metric)
        case _:
            raise TypeError(f"{metric.name} is not in PostHog: {metric.here_only}")


def taken_apart(metrics: tuple[Counted, ...], dimension: Dimension) -> str:
    """One row per value of the dimension, with the lines of all metrics beside each other, most first."""
    return ranking(metrics, dimension)
