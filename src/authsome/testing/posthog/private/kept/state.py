"""What is kept of a project. Not safe for threads; the simulator holds a lock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Text:
    """A text on a dashboard."""

    id: int
    body: str


@dataclass(slots=True, kw_only=True)
class Tile:
    """A place on a dashboard, for an insight or a text."""

    id: int
    dashboard: int
    insight: int | None = None
    text: Text | None = None
    layouts: Json = field(default_factory=dict)
    color: str | None = None
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Made:
    """A dashboard, an insight or an action, with the fields that a person may set."""

    id: int
    fields: Json
    tags: list[str] = field(default_factory=list)
    deleted: bool = False


class Kept:
    """Everything that was made in one project. `licensed` is whether tags and descriptions work."""

    def __init__(self) -> None:
        self.time_zone = "UTC"
        self.licensed = True
        self.dashboards: dict[int, Made] = {}
        self.insights: dict[int, Made] = {}
        self.actions: dict[int, Made] = {}
        self.tiles: dict[int, Tile] = {}
        self.descriptions: dict[tuple[str, str], str] = {}  # of ("event" | "property", name)
        self._last = 0

    def make(self, shelf: dict[int, Made], fields: Json, tags: list[str]) -> Made:
        """Put a new one on its shelf, which is one of the three above."""
        made = Made(id=self.next_id(), fields=fields, tags=list(tags) if self.licensed else [])
        shelf[made.id] = made
        return made

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def tiles_on(self, dashboard: int) -> Iterator[Tile]:
        """What the dashboard shows: not what was taken down, nor insights that are deleted."""
        for tile in self.tiles.values():
            gone = tile.insight is not None and self.insights[tile.insight].deleted
            if tile.dashboard == dashboard and not tile.deleted and not gone:
                yield tile

    def tiles_of(self, insight: int) -> Iterator[Tile]:
        """Where the insight stands now."""
        for tile in self.tiles.values():
            if tile.insight == insight and not tile.deleted and not self.dashboards[tile.dashboard].deleted:
                yield tile

    def put(self, insight: int, dashboard: int) -> Tile:
        """The insight's tile on the dashboard; one that was taken down comes back as it was."""
        for tile in self.tiles.values():
            if (tile.insight, tile.dashboard) == (insight, dashboard):
                tile.deleted = False
                return tile
        tile = Tile(id=self.next_id(), dashboard=dashboard, insight=insight)
        self.tiles[tile.id] = tile
        return tile
