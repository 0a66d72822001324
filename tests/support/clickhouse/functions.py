"""Functions that HogQL has, of those that somebody may want in a tile, and what each is in ClickHouse.

Names, numbers of arguments and the names in ClickHouse are those of posthog/hogql/functions (aggregations,
mapping, clickhouse/*). HogQL has more; what is missing here is refused until somebody has looked it up.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.clickhouse.refused import HogqlRefused

ANY = 99
COMPARISONS = {
    "equals": "==",
    "notEquals": "!=",
    "less": "<",
    "greater": ">",
    "lessOrEquals": "<=",
    "greaterOrEquals": ">=",
    "in": "in",
    "notIn": "not in",
}
WINDOW = frozenset({"sum", "count", "min", "max", "avg", "any", "row_number", "rank", "dense_rank"})


@dataclass(frozen=True)
class Function:
    """`zoned` functions are given the project's zone as their last argument, when the query names none."""

    least: int
    most: int
    clickhouse: str
    aggregate: bool = False
    zoned: bool = False
    params: int = 0
    suffix: str | None = None
    any_case: bool = False


# name, least and most arguments, name in ClickHouse if it is another
_AGGREGATES = """
count 0 1 | countIf 1 2 | countDistinct 1 1 | countDistinctIf 1 2
sum 1 1 | sumIf 2 2 | avg 1 1 | avgIf 2 2 | min 1 1 | minIf 2 2 | max 1 1 | maxIf 2 2 | any 1 1 | anyIf 2 2
argMin 2 2 | argMinIf 3 3 | argMax 2 2 | argMaxIf 3 3 | median 1 1 | medianIf 2 2
uniq 1 99 | uniqIf 2 99 | uniqExact 1 99 | uniqExactIf 2 99
groupArray 1 1 | groupArrayIf 2 2 | groupUniqArray 1 1 | groupUniqArrayIf 2 2
"""
_PLAIN = """
plus 2 2 | minus 2 2 | multiply 2 2 | divide 2 2 | intDiv 2 2 | modulo 2 2 | negate 1 1 | abs 1 1
and 2 99 | or 2 99 | not 1 1 | if 3 3 | multiIf 3 99
empty 1 1 | notEmpty 1 1 | array 0 99 | tuple 0 99 | range 1 3 | has 2 2 | indexOf 2 2
arrayConcat 2 99 | arraySlice 2 3 | arraySort 1 99 | arrayJoin 1 1 | arrayDifference 1 1 | arrayDistinct 1 1
arrayEnumerate 1 1 | arrayFilter 2 99 | arrayMap 2 99 | arrayZip 2 99 | arrayExists 1 99 | arrayFirst 2 99
arrayMin 1 2 | arrayMax 1 2 | arraySum 1 2 | arrayAvg 1 2 | arrayCumSum 1 99 | arrayCount 1 99
toString 1 2 | toTypeName 1 1 | toBool 1 1 | isNotNull 1 1 | assumeNotNull 1 1 | toNullable 1 1
toIntOrZero 1 1 toInt64OrZero | toFloatOrZero 1 1 toFloat64OrZero
toYear 1 1 | toMonth 1 1 | toDayOfMonth 1 1 | toDayOfWeek 1 3 | toHour 1 1 | toUnixTimestamp 1 2
toStartOfYear 1 1 | toStartOfMonth 1 1 | toMonday 1 1 | toStartOfHour 1 1
toStartOfWeek 1 2 | toStartOfDay 1 2 | toStartOfInterval 2 3
dateDiff 3 3 | dateTrunc 2 3 | formatDateTime 2 3
addDays 2 2 | addWeeks 2 2 | addMonths 2 2 | subtractDays 2 2 | subtractWeeks 2 2 | subtractMonths 2 2
toIntervalSecond 1 1 | toIntervalMinute 1 1 | toIntervalHour 1 1 | toIntervalDay 1 1
toIntervalWeek 1 1 | toIntervalMonth 1 1 | toIntervalQuarter 1 1 | toIntervalYear 1 1
"""
_ANY_CASE = """
round 1 2 | floor 1 2 | ceil 1 2 | least 2 99 | greatest 2 99 | lower 1 1 | upper 1 1 | length 1 1
coalesce 1 99 | ifNull 2 2 | nullIf 2 2 | isNull 1 1
"""


def _table(text: str, *, aggregate: bool = False, any_case: bool = False) -> dict[str, Function]:
    rows = [entry.split() for line in text.strip().splitlines() for entry in line.split("|")]
    return {
        name: Function(int(least), int(most), (named or [name])[0], aggregate=aggregate, any_case=any_case)
        for name, least, most, *named in rows
    }


FUNCTIONS = {
    **_table(_AGGREGATES, aggregate=True),
    **_table(_PLAIN),
    **_table(_ANY_CASE, any_case=True),
    "quantile": Function(1, 1, "quantile", aggregate=True, params=1),
    "quantileIf": Function(2, 2, "quantileIf", aggregate=True, params=1),
    "toInt": Function(1, 1, "accurateCastOrNull", suffix="'Int64'"),
    "toFloat": Function(1, 1, "accurateCastOrNull", suffix="'Float64'"),
    "toDate": Function(1, 1, "toDateOrNull"),
    "toDateTime": Function(1, 2, "parseDateTime64BestEffortOrNull", zoned=True),
    "toTimeZone": Function(1, 2, "toTimeZone", zoned=True),
    "now": Function(0, 1, "now64", zoned=True, any_case=True),
}
_FOLDED = {name.lower(): name for name, function in FUNCTIONS.items() if function.any_case}


def find(name: str, arguments: int, params: int) -> Function:
    """The function, or `HogqlRefused`, as PostHog would refuse it."""
    function = FUNCTIONS.get(name) or FUNCTIONS.get(_FOLDED.get(name.lower(), ""))
    if function is None:
        raise HogqlRefused(f"no function {name}, or nobody has looked it up in PostHog's list")
    if not function.least <= arguments <= function.most:
        raise HogqlRefused(f"{name} takes {function.least} to {function.most} arguments, not {arguments}")
    if function.params != params:
        raise HogqlRefused(f"{name} takes {function.params} parameters, not {params}")
    return function
