"""The two questions to PostHog about facts. Their texts never change; what varies is bound as `values`.

Only events with this installation's id are looked at, so several installations may share a project. An
event's *weight* sums up all of it that was sent: its `at`, its person and its properties, as far as they are
ours, character by character, each times its place. HogQL has no digest that is the same everywhere, and a sum
of weights can be had without asking for the events. It finds accidents; it is no proof against forgery.

Times are compared in UTC whatever the project's time zone is, to the microsecond. Copies that PostHog has not
merged yet are the same in every column, so `DISTINCT` counts them once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from operator import mul
from typing import NamedTuple

from authsome.kit.event import Scalar
from authsome.telemetry import catalogue
from authsome.telemetry.sink import Outgoing
from authsome.telemetry.sinks.posthog.payload import encode

MOST_ROWS = 50_000  # of any answer; PostHog gives no more, and a hundred without a limit
PAGE = 10_000

_OURS = (
    "SELECT DISTINCT event, toString(uuid) AS id, "
    "formatDateTime(timestamp, '%Y-%m-%dT%H:%i:%S.%f', 'UTC') AS at, distinct_id, "
    "arrayStringConcat(arraySort(arrayMap(x -> concat(x.1, '=', x.2), "
    "arrayFilter(x -> has(splitByChar(',', {fields}), x.1), JSONExtractKeysAndValuesRaw(properties)))), ',') "
    "AS said FROM events WHERE properties.installation_id = {installation} "
    "AND timestamp >= fromUnixTimestamp({since}) AND timestamp < fromUnixTimestamp({until})"
)
_CHARACTERS = "splitByString('', concat(at, ' ', distinct_id, ' ', said))"
_WEIGHT = (
    f"arraySum(arrayMap((c, i) -> reinterpretAsUInt8(c) * i, {_CHARACTERS}, arrayEnumerate({_CHARACTERS})))"
)

COUNTS = (
    "SELECT substring(at, 1, 10) AS day, event, count(DISTINCT id) AS facts, count() AS versions, "
    f"sum({_WEIGHT}) AS weight FROM ({_OURS}) GROUP BY day, event ORDER BY day, event LIMIT {MOST_ROWS}"
)
IDS = (
    f"SELECT id, at, distinct_id, {_WEIGHT} AS weight FROM ({_OURS} AND event = {{event}}) "
    f"WHERE id >= {{after}} ORDER BY id, at, distinct_id, weight LIMIT {PAGE}"
)


class Version(NamedTuple):
    """One event as PostHog has it, or must have it."""

    at: str
    distinct_id: str
    weight: int


def fields() -> str:
    """Every field that an event can be sent with, for `{fields}`. What PostHog adds is not looked at."""
    known = {field.name for event in catalogue.events().values() for field in catalogue.sent_fields(event)}
    return ",".join(sorted(known | catalogue.COMMON.keys()))


def version_of(fact: Outgoing) -> Version:
    """The fact as it must be at PostHog."""
    at = said_time(fact.occurred_at)
    return Version(at, fact.distinct_id, weigh(at, fact.distinct_id, said(fact.fields)))


def said_time(moment: datetime) -> str:
    """As the questions spell an instant in UTC; its first ten characters are the day."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def said(values: Mapping[str, Scalar]) -> str:
    """The properties in the spelling that the questions make of them."""
    return ",".join(sorted(f"{name}={encode(value).decode()}" for name, value in values.items()))


def weigh(at: str, distinct_id: str, properties: str) -> int:
    """The weight of one event."""
    text = f"{at} {distinct_id} {properties}".encode()
    return sum(map(mul, text, range(1, len(text) + 1)))
