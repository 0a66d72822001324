"""`docs/reference/events.schema.json`: what an event looks like when PostHog gets it, as JSON Schema."""

from __future__ import annotations

import json
from typing import Any

from authsome.telemetry import catalogue

PATH = "docs/reference/events.schema.json"


def files() -> dict[str, str]:
    """The schema file."""
    return {PATH: json.dumps(document(), indent=2) + "\n"}


def document() -> dict[str, Any]:
    """One event of a batch: its name decides which properties it may have.

    What begins with `$` is PostHog's own vocabulary and is not described here.
    """
    events = catalogue.events()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An event that Authsome sends",
        "type": "object",
        "required": ["event", "distinct_id", "uuid", "timestamp", "properties"],
        "properties": {
            "event": {"enum": [*events, "$set"]},
            "distinct_id": {"type": "string", "minLength": 4, "maxLength": 200},
            "uuid": {"type": "string", "format": "uuid"},
            "timestamp": {"type": "string", "format": "date-time"},
            "properties": {"type": "object"},
        },
        "additionalProperties": False,
        "allOf": [_when(name) for name in events],
        "$defs": {name: _properties(name) for name in events},
    }


def _when(name: str) -> dict[str, Any]:
    return {
        "if": {"properties": {"event": {"const": name}}},
        "then": {"properties": {"properties": {"$ref": f"#/$defs/{name}"}}},
    }


def _properties(name: str) -> dict[str, Any]:
    return catalogue.schema(catalogue.events()[name]) | {"patternProperties": {"^\\$": {}}}
