"""Which events count, when, and in which bucket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from authsome.analytics.metric import Bucket, Counted, Dimension, Distinct, Each, Line, Sign

ROWS = 10_000  # without a limit the API stops at 100
DATES = "{filters}"
# Whoever counts from the beginning cannot take `{filters}`: there is a date in it, and in the middle is not
# the beginning.
THESE = "properties.installation_id IN (SELECT properties.installation_id FROM events WHERE {filters})"

# Who is erased counts no more at once, and not only when PostHog has come to deleting: nothing that is about
# them, or names them. NULL is in no list and not in one either, hence the ''.
_ERASED = (
    "(SELECT coalesce(properties.principal_id, properties.identity_handle) FROM events "
    "WHERE event IN ('principal_erased', 'identity_erased'))"
)
COUNTS = " AND ".join(
    f"{who} NOT IN {_ERASED}"
    for who in (
        "distinct_id",
        "coalesce(properties.principal_id, '')",
        "coalesce(properties.identity_handle, '')",
    )
)

_STARTS = {
    Bucket.DAY: "toStartOfDay({})",
    Bucket.WEEK: "toStartOfWeek({}, 1)",
    Bucket.MONTH: "toStartOfMonth({})",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """So many days up to today, in buckets. The first bucket is shown whole."""

    days: int
    bucket: Bucket = Bucket.DAY

    @property
    def begin(self) -> str:
        """The instant at which the first bucket begins."""
        return start_of(f"now() - INTERVAL {self.days - 1} DAY", self.bucket)

    @property
    def dates(self) -> str:
        """The condition on when. The range of an insight is in days, so it would cut a longer bucket."""
        if self.bucket is Bucket.DAY:
            return DATES
        return f"timestamp >= {self.begin} AND {THESE}"


def start_of(moment: str, bucket: Bucket) -> str:
    """The instant at which the moment's bucket begins. Weeks begin on Monday."""
    return _STARTS[bucket].format(moment)


def value(dimension: Dimension) -> str:
    """The dimension of one event, '' where it has none."""
    fields = ", ".join(f"properties.{field}" for field in dimension.fields)
    return f"coalesce({fields}, '')"


def of_line(line: Line) -> str:
    """The events of a line, without what is subtracted from it."""
    only = f" AND properties.{line.where[0].value} = '{line.where[1]}'" if line.where else ""
    return f"event = '{line.event.name}'{only}"


def of_sign(sign: Sign) -> str:
    """The events that make somebody active."""
    only = f" AND properties.outcome = '{sign.outcome}'" if sign.outcome else ""
    return f"event = '{sign.event.name}'{only}"


def among(events: Iterable[str]) -> str:
    """The events of these names."""
    names = [f"'{event}'" for event in events]
    return f"event IN ({', '.join(names)})" if len(names) > 1 else f"event = {names[0]}"


def number(metric: Counted, condition: str | None = None) -> str:
    """What a group of events comes to, or those under a condition.

    Rows that are there twice have the same uuid. Of facts that stand for many, each uuid adds its count once;
    to HogQL any property may be NULL, and ClickHouse refuses to sum an array that may hold one.
    """
    when = f", {condition}" if condition else ""
    match metric.counted:
        case Distinct(field):
            return (
                f"uniqExactIf(properties.{field}{when})"
                if condition
                else f"count(DISTINCT properties.{field})"
            )
        case Each():
            return f"uniqExactIf(uuid{when})" if condition else "count(DISTINCT uuid)"
        case summed:
            pairs = (
                f"groupUniqArray{_if(condition)}((uuid, ifNull(toInt(properties.{summed.field}), 0)){when})"
            )
            return f"arraySum(arrayMap(one -> one.2, {pairs}))"


def ordered(column: str) -> str:
    return f"ORDER BY {column} LIMIT {ROWS}"


def together(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)


def _if(condition: str | None) -> str:
    return "If" if condition else ""
