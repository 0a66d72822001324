"""Whether something is a query that an insight may have, by PostHog's own schema (`nodes.json`).

PostHog reads a query with models that forbid what they do not know. The schema uses few words of JSON
Schema, and those are understood here; a word that is not would pass unseen, so a test holds the list.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from importlib import resources
from typing import Any

Json = dict[str, Any]
INSIGHTS = ("InsightVizNode", "DataVisualizationNode")
TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
UNDERSTOOD = frozenset(
    "$ref additionalProperties allOf anyOf enum items maxItems oneOf properties required type".split()
)


def fault(query: object) -> str | None:
    """What is wrong with the query, or None."""
    kind = query.get("kind") if isinstance(query, dict) else None
    if kind not in INSIGHTS:
        return f"query: unknown kind {kind!r}"
    return _fault(query, definitions()[kind], "query")


@functools.cache
def definitions() -> dict[str, Json]:
    found: dict[str, Json] = json.loads(
        resources.files(__package__).joinpath("nodes.json").read_text("utf-8")
    )
    return found


def _fault(value: Any, schema: Json, at: str) -> str | None:
    if "$ref" in schema:
        return _fault(value, definitions()[schema["$ref"].rpartition("/")[2]], at)
    if "type" in schema and not TYPES[schema["type"]](value):
        return f"{at}: not of type {schema['type']}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at}: {value!r} is not one of {schema['enum'][:5]}"
    wrongs = [_fault(value, part, at) for part in schema.get("allOf", [])]
    for alternatives in (schema.get("anyOf"), schema.get("oneOf")):
        if alternatives:
            wrongs.append(_none_fits(value, alternatives, at))
    if isinstance(value, dict):
        wrongs.append(_fault_in_object(value, schema, at))
    if isinstance(value, list):
        wrongs.append(_fault_in_array(value, schema, at))
    return next((wrong for wrong in wrongs if wrong is not None), None)


def _none_fits(value: Any, alternatives: list[Json], at: str) -> str | None:
    wrongs = [_fault(value, one, at) for one in alternatives]
    if any(wrong is None for wrong in wrongs):
        return None
    # The longest path is of the alternative that was meant.
    return max((wrong for wrong in wrongs if wrong), key=lambda wrong: len(wrong.partition(": ")[0]))


def _fault_in_object(value: Json, schema: Json, at: str) -> str | None:
    for name in schema.get("required", []):
        if name not in value:
            return f"{at}.{name}: is missing"
    known, further = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, inner in value.items():
        if name not in known and further is False:
            return f"{at}.{name}: is not permitted"
        part = known.get(name, further)
        if isinstance(part, dict) and (wrong := _fault(inner, part, f"{at}.{name}")) is not None:
            return wrong
    return None


def _fault_in_array(value: list[Any], schema: Json, at: str) -> str | None:
    if len(value) > schema.get("maxItems", len(value)):
        return f"{at}: too many items"
    for number, inner in enumerate(value):
        wrong = _fault(inner, schema.get("items", {}), f"{at}.{number}")
        if wrong is not None:
            return wrong
    return None
