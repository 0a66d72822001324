"""Cohorts of those who began in the same bucket, and how many of each were active in each bucket after."""

from __future__ import annotations

from authsome.analytics.compile.hogql.active import any_of
from authsome.analytics.compile.hogql.pick import COUNTS, ROWS, THESE, start_of, together
from authsome.analytics.metric import Bucket, Retention

PERIODS = {Bucket.DAY: "DAY", Bucket.WEEK: "WEEK", Bucket.MONTH: "MONTH"}


def cohorts(metric: Retention) -> str:
    """One row per cohort: when it began, how many are in it, and how many were active n buckets later."""
    field, period = metric.activity.field, PERIODS[metric.bucket]
    since = start_of(f"now() - INTERVAL {metric.cohorts - 1} {period}", metric.bucket)
    later = ", ".join(
        f"uniqExactIf(cohort.who, active.during = cohort.began + INTERVAL {n} {period}) AS {name}"
        for n, name in enumerate(columns(metric))
    )
    began = start_of("min(timestamp)", metric.bucket)
    during = start_of("timestamp", metric.bucket)
    return together(
        (
            f"SELECT cohort.began AS began, uniqExact(cohort.who) AS size, {later}",
            "FROM (",
            f"  SELECT properties.{field} AS who, {began} AS began FROM events",
            f"  WHERE event = '{metric.began.name}' AND properties.{field} IS NOT NULL AND {THESE}",
            f"  AND {COUNTS} GROUP BY who HAVING began >= {since}",
            ") AS cohort LEFT JOIN (",
            f"  SELECT DISTINCT properties.{field} AS who, {during} AS during FROM events",
            f"  WHERE {any_of(metric.activity.signs)} AND properties.{field} IS NOT NULL AND {THESE}",
            f"  AND {COUNTS} AND timestamp >= {since}",
            ") AS active ON active.who = cohort.who",
            f"GROUP BY began ORDER BY began LIMIT {ROWS}",
        )
    )


def columns(metric: Retention) -> list[str]:
    """The names of the columns: so many buckets after the first."""
    return [f"{metric.bucket.value}_{number}" for number in range(metric.cohorts)]
