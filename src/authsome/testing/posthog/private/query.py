"""`POST query/`: HogQL over the events that were taken. Only the shapes that Authsome asks for are known.

HogQL itself is not simulated: a `Shape` recognises one fixed text by a pattern and answers it from what was
stored; any other text is 400, as an unknown table or function would be. To add one: append to `SHAPES`, or
to those in `facts`, where values are bound and the text never changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from authsome.testing.posthog.ingestion import Ingestion
from authsome.testing.posthog.private import facts
from authsome.testing.posthog.private.endpoint import Answered, Ask, Endpoint, invalid

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """One query. `answer` is given the pattern's match and the events."""

    pattern: re.Pattern[str]
    columns: tuple[str, ...]
    answer: Callable[[re.Match[str], Ingestion], list[Row]]


def _of_distinct_ids(match: re.Match[str], ingestion: Ingestion) -> list[Row]:
    """How many events there are under each of the named distinct_ids; of those without any, no row."""
    wanted = set(re.findall(r"'([^']*)'", match["ids"]))
    counts = Counter(event.distinct_id for event in ingestion.events if event.distinct_id in wanted)
    return [[distinct_id, counts[distinct_id]] for distinct_id in sorted(counts)][: int(match["limit"])]


def _keyed_by_address(_match: re.Match[str], ingestion: Ingestion) -> list[Row]:
    """The distinct_ids of persons that are e-mail addresses: what `docs/guides/posthog-dashboard.md` asks."""
    return [[distinct_id] for distinct_id in sorted(ingestion.persons) if "@" in distinct_id][:1_000]


SHAPES: list[Shape] = [
    Shape(
        re.compile(
            r"SELECT distinct_id, count\(\) AS events FROM events "
            r"WHERE distinct_id IN \((?P<ids>'[a-z0-9_-]+'(?:, '[a-z0-9_-]+')*)\) "
            r"GROUP BY distinct_id ORDER BY distinct_id LIMIT (?P<limit>\d{1,5})"
        ),
        ("distinct_id", "events"),
        _of_distinct_ids,
    ),
    Shape(
        re.compile(
            r"SELECT DISTINCT distinct_id FROM person_distinct_ids WHERE distinct_id LIKE '%@%' LIMIT 1000"
        ),
        ("distinct_id",),
        _keyed_by_address,
    ),
]


def run(ask: Ask) -> Answered:
    """The rows, with their columns. Everything but a HogQLQuery of a known shape is refused."""
    node = ask.document.get("query")
    if not isinstance(node, dict) or node.get("kind") != "HogQLQuery":
        raise invalid("only HogQLQuery is simulated", attr="query")
    text = node.get("query")
    if not isinstance(text, str):
        raise invalid("This field is required.", code="required", attr="query")
    if text in facts.SHAPES:
        columns, answer = facts.SHAPES[text]
        values = node.get("values")
        rows = answer(values if isinstance(values, dict) else {}, ask.ingestion)
        return Answered(document={"columns": list(columns), "results": rows, "hasMore": False})
    for shape in SHAPES:
        match = shape.pattern.fullmatch(text)
        if match:
            rows = shape.answer(match, ask.ingestion)
            return Answered(document={"columns": list(shape.columns), "results": rows, "hasMore": False})
    raise invalid(f"Unable to resolve: {text[:80]}", code="parse_error")


ENDPOINTS = (Endpoint(method="POST", path="query", scope="query:read", answer=run),)
