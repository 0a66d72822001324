"""What is in the project already: the things that carry our mark, and how PostHog shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInsight:
    """`dashboards` are the ids of all that it stands on, other people's included."""

    id: int
    key: str
    name: str
    description: str
    query: Json
    dashboards: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTile:
    """`key` is None for what somebody else put there. Of a text, `text_id` and `body` are set."""

    id: int
    key: str | None
    layouts: Json
    text_id: int | None = None
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDashboard:
    id: int
    key: str
    name: str
    description: str
    tiles: tuple[FoundTile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAction:
    id: int
    key: str
    name: str
    description: str
    steps: tuple[Json, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An event or a property that the project has seen."""

    id: str
    name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Dashboards, insights and actions in order of their ids, the oldest first.

    `events` and `properties` are by name; `notes` says what could not be looked at.
    """

    dashboards: tuple[FoundDashboard, ...]
    insights: tuple[FoundInsight, ...]
    actions: tuple[FoundAction, ...] = ()
    events: Mapping[str, Described]
    properties: Mapping[str, Described]
    notes: tuple[str, ...] = ()
