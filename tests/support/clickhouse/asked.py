"""What the parts of an insight ask of an event, as HogQL: which event, with which properties.

Source: posthog/hogql/property.py.
"""

from __future__ import annotations

from typing import Any

from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import text

Json = dict[str, Any]


def only(node: Json, known: set[str]) -> Json:
    """The node itself. Raises `HogqlRefused` for keys whose meaning nobody has looked up."""
    unknown = {key for key, value in node.items() if value not in (None, False, [], {})} - known
    if unknown:
        raise HogqlRefused(f"{node.get('kind', 'a part')} with {', '.join(sorted(unknown))}")
    return node


def event(node: Json) -> str:
    """The condition of a series, a step or an entity."""
    name = node.get("event") if node.get("kind") == "EventsNode" else node.get("id")
    conditions = [f"event = {text(name)}"] if name else []
    conditions += [properties(node["properties"])] if node.get("properties") else []
    return " AND ".join(f"({one})" for one in conditions) or "true"


def properties(asked: Any) -> str:
    """The condition of a list or group of property filters."""
    if isinstance(asked, list):
        return " AND ".join(f"({properties(one)})" for one in asked) or "true"
    if asked["type"] in ("AND", "OR"):
        return f" {asked['type']} ".join(f"({properties(one)})" for one in asked["values"]) or "true"
    return _filter(asked)


def _filter(asked: Json) -> str:
    key, value = asked["key"], asked.get("value")
    if asked["type"] == "hogql":
        return str(key)
    if asked["type"] != "event":
        raise HogqlRefused(f"a filter of type {asked['type']}")
    field = f"properties.`{key}`"
    values = value if isinstance(value, list) else [value]
    match asked.get("operator") or "exact":
        case "exact":
            return " OR ".join(f"{field} = {text(str(one))}" for one in values)
        case "is_not":
            return " AND ".join(f"{field} != {text(str(one))}" for one in values)
        case "is_set":
            return f"{field} IS NOT NULL"
        case "is_not_set":
            return f"{field} IS NULL"
        case operator:
            raise HogqlRefused(f"the operator {operator}")
