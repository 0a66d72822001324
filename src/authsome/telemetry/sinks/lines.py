"""A fact as one line of JSON: for a file, and for whoever takes the log elsewhere.

Both forms hold what the projection lets leave and nothing else. They keep no person and no key; a line has
the fact's uuid, so that a line that is there twice is seen to be the same fact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from authsome.kit.clock import rfc3339
from authsome.telemetry.sink import Outgoing

INSTALLATION = "installation_id"


class LineFormat(StrEnum):
    """What a line looks like."""

    JSONL = "jsonl"
    CLOUDEVENTS = "cloudevents"  # CloudEvents 1.0, JSON format


class Lines:
    """The `Form` of lines: nothing is too odd for it."""

    def __init__(self, write: Callable[[Outgoing], str]) -> None:
        self._write = write

    def objection(self, fact: Outgoing) -> str | None:
        return None

    def render(self, facts: Sequence[Outgoing]) -> bytes:
        return "".join(self._write(fact) + "\n" for fact in facts).encode()


def plain_line(fact: Outgoing) -> str:
    """The fact in our own words, as a line."""
    return _encode(plain(fact))


def plain(fact: Outgoing) -> dict[str, Any]:
    """The fact in our own words."""
    return {
        "position": fact.position,
        "id": fact.event_id,
        "uuid": fact.uuid,
        "event": fact.name,
        "time": rfc3339(fact.occurred_at),
        "subject": fact.distinct_id,
        "fields": dict(fact.fields),
    }


def cloud_event(fact: Outgoing) -> str:
    """The fact as a CloudEvent (CloudEvents 1.0, JSON event format §3); `source` and `id` tell it apart."""
    return _encode(
        {
            "specversion": "1.0",
            "id": fact.uuid,
            "source": f"urn:authsome:{fact.fields[INSTALLATION]}",
            "type": f"authsome.{fact.name}",
            "subject": fact.distinct_id,
            "time": rfc3339(fact.occurred_at),
            "datacontenttype": "application/json",
            "data": dict(fact.fields),
        }
    )


WRITERS: Mapping[LineFormat, Callable[[Outgoing], str]] = {
    LineFormat.JSONL: plain_line,
    LineFormat.CLOUDEVENTS: cloud_event,
}


def _encode(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
