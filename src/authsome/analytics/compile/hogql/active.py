"""How many were active in each bucket."""

from __future__ import annotations

from collections.abc import Iterable

from authsome.analytics.compile.hogql.pick import COUNTS, Frame, of_sign, ordered, start_of, together
from authsome.analytics.metric import Active, Sign


def active_over_time(metric: Active, frame: Frame) -> str:
    """One row per bucket in which anybody was."""
    return together(
        (
            f"SELECT {start_of('timestamp', frame.bucket)} AS day,",
            f"count(DISTINCT properties.{metric.activity.field}) AS active",
            f"FROM events WHERE {any_of(metric.activity.signs)} AND {frame.dates}",
            f"AND properties.{metric.activity.field} IS NOT NULL",
            f"AND {COUNTS} GROUP BY day",
            ordered("day"),
        )
    )


def any_of(signs: Iterable[Sign]) -> str:
    """The events that make somebody active."""
    return "(" + " OR ".join(f"({of_sign(sign)})" for sign in signs) + ")"
