"""What happened, before it is a row: cheaper than an event's class, and made of the same words."""

from __future__ import annotations

from typing import Any, NamedTuple

from authsome.kit.event import Event


class Fact(NamedTuple):
    """`at` in microseconds since 1970; `values` by the event's fields, without those that are None."""

    at: int
    actor_kind: str
    actor_id: str
    event: type[Event]
    values: dict[str, Any]
