"""The two questions about facts that `authsome analytics reconcile` asks, answered from what was taken.

The texts are compared as they are; the bound values are held to their types, and a missing or further one is
refused. What the questions compute in HogQL is computed here a second time, from its definition, so that a
mistake in either shows. (Both were held to ClickHouse itself.) The real one shows late what it took: `lag`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from authsome.analytics.reconcile.posthog.hogql import COUNTS, IDS, MOST_ROWS, PAGE
from authsome.testing.posthog.ingestion import Ingestion, StoredEvent
from authsome.testing.posthog.private.endpoint import invalid

Row = list[Any]
Values = Mapping[str, Any]
COMMON = {"installation": str, "fields": str, "since": int, "until": int}


def counts(values: Values, ingestion: Ingestion) -> list[Row]:
    """`COUNTS`: facts, versions and weight by day and event."""
    _check(values, COMMON)
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    versions: Counter[tuple[str, str]] = Counter()
    weights: Counter[tuple[str, str]] = Counter()
    for event, (uuid, at, _who, weight) in _ours(values, ingestion):
        key = at[:10], event
        ids[key].add(uuid)
        versions[key] += 1
        weights[key] += weight
    return [[*key, len(ids[key]), versions[key], weights[key]] for key in sorted(ids)][:MOST_ROWS]


def versions(values: Values, ingestion: Ingestion) -> list[Row]:
    """`IDS`: the versions of one event's facts, in order, from a uuid on."""
    _check(values, {**COMMON, "event": str, "after": str})
    found = [row for event, row in _ours(values, ingestion) if event == values["event"]]
    return [list(row) for row in sorted(found) if row[0] >= values["after"]][:PAGE]


SHAPES: Mapping[str, tuple[tuple[str, ...], Callable[[Values, Ingestion], list[Row]]]] = {
    COUNTS: (("day", "event", "facts", "versions", "weight"), counts),
    IDS: (("id", "at", "distinct_id", "weight"), versions),
}


def _check(values: Values, types: Mapping[str, type]) -> None:
    if values.keys() != types.keys():
        raise invalid(f"Placeholders not found: {sorted(values.keys() ^ types.keys())}", code="parse_error")
    for name, kind in types.items():
        if type(values[name]) is not kind:
            raise invalid(f"{name} must be {kind.__name__}", attr="values")


def _ours(values: Values, ingestion: Ingestion) -> Iterator[tuple[str, tuple[str, str, str, int]]]:
    """The installation's events in the span, each version once."""
    since, until = (datetime.fromtimestamp(values[name], UTC) for name in ("since", "until"))
    known = frozenset(values["fields"].split(","))
    seen = set()
    for event in ingestion.visible:
        if event.properties.get("installation_id") != values["installation"]:
            continue
        row = (event.name, _version(event, known))
        if since <= event.timestamp < until and row not in seen:
            seen.add(row)
            yield row


def _version(event: StoredEvent, known: frozenset[str]) -> tuple[str, str, str, int]:
    at = event.timestamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    said = [f"{name}={_raw(value)}" for name, value in event.properties.items() if name in known]
    text = f"{at} {event.distinct_id} {','.join(sorted(said))}"
    weight = 0
    for place, character in enumerate(text.encode(), start=1):
        weight += character * place
    return str(event.uuid), at, event.distinct_id, weight


def _raw(value: object) -> str:
    """As `JSONExtractKeysAndValuesRaw` gives it: without spaces, and nothing escaped that need not be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
