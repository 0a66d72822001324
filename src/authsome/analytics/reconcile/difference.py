"""What can differ, and a bounded record of what did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from authsome.kit.clock import rfc3339

SHOWN = 20  # examples of each kind; a report does not grow with the damage


class Layer(StrEnum):
    """Which two are compared."""

    REGISTRY = "registry"  # the registry's rows, and the log
    ROLLUPS = "rollups"  # the log, and the numbers behind the pages
    POSTHOG = "posthog"  # the log, and what PostHog has


class Kind(StrEnum):
    """How two records of the same thing differ. Those that `REPAIRABLE` lacks are for people to judge."""

    MISSING = "missing"  # a row says that a fact happened, and the log does not have it
    UNRECOVERABLE = "unrecoverable"  # the same, and the row no longer says all of the fact
    UNFOUNDED = "unfounded"  # the log has a fact of which no row says anything
    STALE = "stale"  # a number behind a page is not what the log adds up to
    LOST = "lost"  # a fact that was sent is not at PostHog
    PHANTOM = "phantom"  # PostHog has an event of this installation that the log does not know
    ALTERED = "altered"  # PostHog has it under another time, name, person or with other properties
    DOUBLED = "doubled"  # PostHog has it, and once more under another time, name or person


REPAIRABLE = frozenset({Kind.MISSING, Kind.STALE, Kind.LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One of them. `about` is the id that leads to it: of a row, an event, a rollup's key, or a uuid."""

    layer: Layer
    kind: Kind
    event: str
    day: date
    about: str
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "layer": self.layer.value,
            "kind": self.kind.value,
            "event": self.event,
            "day": self.day.isoformat(),
            "about": self.about,
            "detail": self.detail,
        }


@dataclass(slots=True)
class Section:
    """What came of one layer. `skipped` is why it was not compared, None where it was."""

    layer: Layer
    compared: int = 0  # facts, rows or numbers that were looked at
    apart: int = 0  # rows whose fact retention has deleted, or that is of somebody erased
    skipped: str | None = None
    notes: list[str] = field(default_factory=list)
    counts: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    days: dict[date, int] = field(default_factory=dict)
    examples: list[Difference] = field(default_factory=list)
    _shown: Counter[Kind] = field(default_factory=Counter)

    def add(self, difference: Difference) -> None:
        """Count it, and keep it as an example while there are few."""
        self.counts[difference.kind, difference.event] += 1
        self.days[difference.day] = self.days.get(difference.day, 0) + 1
        if self._shown[difference.kind] < SHOWN:
            self._shown[difference.kind] += 1
            self.examples.append(difference)

    def take_back(self, kind: Kind, event: str, day: date, *, about: str) -> None:
        """It was something else."""
        self.counts[kind, event] -= 1
        self.counts = +self.counts
        self.days[day] -= 1
        self.examples = [one for one in self.examples if (one.kind, one.about) != (kind, about)]

    def of_kind(self, kind: Kind) -> int:
        return sum(count for (known, _), count in self.counts.items() if known is kind)

    @property
    def differs(self) -> bool:
        return bool(self.counts)

    def to_json(self) -> dict[str, Any]:
        return {
            "layer": self.layer.value,
            "compared": self.compared,
            "explained": self.apart,
            "skipped": self.skipped,
            "notes": self.notes,
            "differences": [
                {"kind": kind.value, "event": event, "count": count}
                for (kind, event), count in sorted(self.counts.items())
            ],
            "days": {day.isoformat(): count for day, count in sorted(self.days.items())},
            "examples": [example.to_json() for example in self.examples],
        }


@dataclass(slots=True, kw_only=True)
class Report:
    """Everything that was compared, from `since` on (None: from the beginning), up to `upto` of the log."""

    since: datetime | None
    begun_at: datetime
    ended_at: datetime
    upto: int
    sections: Mapping[Layer, Section]

    @property
    def differs(self) -> bool:
        return any(section.differs for section in self.sections.values())

    @property
    def repairable(self) -> int:
        """How many of the differences mending takes away."""
        return sum(section.of_kind(kind) for section in self.sections.values() for kind in REPAIRABLE)

    def to_json(self) -> dict[str, Any]:
        return {
            "since": rfc3339(self.since) if self.since else None,
            "begun_at": rfc3339(self.begun_at),
            "ended_at": rfc3339(self.ended_at),
            "upto": self.upto,
            "differs": self.differs,
            "repairable": self.repairable,
            "layers": [section.to_json() for section in self.sections.values()],
        }
