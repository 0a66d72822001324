"""How many took each step, by the first time ever that each took it."""

from __future__ import annotations

from datetime import timedelta

from authsome.analytics.compile.hogql.pick import COUNTS, THESE, Frame, among, of_line, together
from authsome.analytics.metric import Funnel


def steps(metric: Funnel, frame: Frame) -> str:
    """One row: how many took each step. Who began in the frame counts, wherever the steps after it are."""
    rest = range(1, len(metric.steps))
    taken = [f"count() AS {metric.steps[0].key}"]
    taken += [f"countIf(taken > {n}) AS {metric.steps[n].key}" for n in rest]
    missed = ", ".join(f"NOT ({_in_order(n, metric.within)}), {n}" for n in rest)
    begun = f"n_0 > 0 AND at_0 >= {frame.begin}"
    return together(
        (
            f"SELECT {', '.join(taken)} FROM (",
            f"  SELECT who, multiIf({missed}, {len(metric.steps)}) AS taken FROM (",
            f"    SELECT properties.{metric.counted} AS who, {_first_times(metric)}",
            f"    FROM events WHERE {among(event.name for event in metric.events)} AND {THESE}",
            f"    AND properties.{metric.counted} IS NOT NULL",
            f"    AND {COUNTS} GROUP BY who HAVING {begun}",
            "  )",
            ")",
        )
    )


def _first_times(metric: Funnel) -> str:
    """`at_n` is when step n was first taken; without it, no time is meant, hence `n_n`."""
    return ", ".join(
        f"minIf(timestamp, {of_line(step)}) AS at_{n}, countIf({of_line(step)}) AS n_{n}"
        for n, step in enumerate(metric.steps)
    )


def _in_order(step: int, within: timedelta) -> str:
    limit = f"at_0 + toIntervalSecond({int(within.total_seconds())})"
    return f"n_{step} > 0 AND at_{step} >= at_{step - 1} AND at_{step} <= {limit}"
