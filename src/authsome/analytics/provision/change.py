"""One change in a PostHog project, as a value: what it is called, and what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verb(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    REMOVE = "remove"


class Thing(StrEnum):
    DASHBOARD = "dashboard"
    INSIGHT = "insight"
    TEXT = "text"
    LAYOUT = "layout"
    ACTION = "action"
    EVENT = "event"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`id` is the thing's in PostHog, None where it is yet to be made; `on` is the key of its dashboard.

    `fields` is what is sent of it. Of a text `id` is the tile's; of a layout `fields` are by the tile's key.
    """

    verb: Verb
    thing: Thing
    key: str
    name: str
    id: int | str | None = None
    on: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """One line for a person."""
        if self.thing is Thing.LAYOUT:
            tiles = "one tile" if len(self.fields) == 1 else f"{len(self.fields)} tiles"
            return f"arrange {tiles} on {self.name}"
        which = f" {self.id}" if self.verb is Verb.REMOVE else ""
        what = f" ({', '.join(self.fields)})" if self.verb is Verb.CHANGE else ""
        return f"{self.verb} {self.thing}{which} {self.name}{what}"

    def to_json(self) -> dict[str, Any]:
        return {
            "verb": self.verb.value,
            "thing": self.thing.value,
            "key": self.key,
            "name": self.name,
            "id": self.id,
            "fields": list(self.fields),
        }
