"""What a PostHog, or the network before it, may do instead of answering well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Answer with this status. `take` stores the events all the same, as a server that fails late does."""

    status: int
    text: str = ""
    retry_after: str | None = None
    take: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """Read the request and say nothing until the simulator stops."""

    take: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Close the connection without an answer."""

    take: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """Behave well, `seconds` late."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Send the client elsewhere. A sender that follows hands its key and events to that host."""

    location: str
    status: int = 307


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """Answer 200 as if the events were taken, and forget them."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Of the v1 API: answer 200 with these results (`retry`, `drop`, …) for the events of these distinct_ids.

    What gets `retry` or `drop` is not taken. `limited` is taken, without its person.
    """

    results: Mapping[str, str]


Misbehaviour = Answer | Hang | Drop | Slow | Redirect | Lie | Judge
