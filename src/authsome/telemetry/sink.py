"""What a sink is given and what it answers: the words between the relay and the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from authsome.kit.event import Scalar

LONGEST_CHARACTER = 6  # bytes of a control character in JSON, `\\u001f`
AROUND = 1_000  # bytes of an event besides its fields: ids, time, constants; a fact may be two events


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """What a fact changes in what is known about its subject: sent as an event of its own."""

    set: Mapping[str, Scalar] = field(default_factory=dict)
    set_once: Mapping[str, Scalar] = field(default_factory=dict)
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One fact, projected: all of it may leave. Sent again it is equal, but for `person`.

    `group` is the principal for whose group the fact counts, where the operator turned groups on.
    """

    position: int
    event_id: str
    uuid: str
    name: str
    occurred_at: datetime
    distinct_id: str
    personless: bool
    fields: Mapping[str, Scalar]
    person: PersonChange | None = None
    group: str | None = None

    @property
    def most_bytes(self) -> int:
        """No sink's spelling takes more: known without spelling it, which would double the relay's work."""
        texts: list[Scalar | None] = [*self.fields.keys(), *self.fields.values()]
        if self.person is not None:
            for change in (self.person.set, self.person.set_once):
                texts += [*change.keys(), *change.values()]
            texts += self.person.unset
        return 2 * AROUND + 8 * len(texts) + LONGEST_CHARACTER * sum(map(len, map(str, texts)))


@dataclass(frozen=True, slots=True)
class Taken:
    """All of it arrived, as far as an answer can say."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """None of it was taken, and at least one fact is to blame."""

    reason: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """An answer for each fact: `refused` and `later` by `event_id`, with the reason; all others are taken."""

    refused: Mapping[str, str] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TooLarge:
    """None of it was taken: send fewer at once."""


@dataclass(frozen=True, slots=True)
class PauseLane:
    """Sending on is pointless until an operator changes something; ask again in an hour."""

    reason: str


@dataclass(frozen=True, slots=True)
class RetryLater:
    """It may have arrived or not. Send the same again, not before `after` seconds if that is given."""

    reason: str
    after: float | None = None


Outcome = Taken | Sorted | Rejected | TooLarge | PauseLane | RetryLater


class Form(Protocol):
    """The wire form of facts: enough to show what would be sent, without a key or a connection."""

    def objection(self, fact: Outgoing) -> str | None:
        """Why the fact cannot be sent at all, or None. A dead letter is better than a refused batch."""
        ...

    def render(self, facts: Sequence[Outgoing]) -> bytes:
        """The request body for these facts, with the key left out."""
        ...


class Sink(Form, Protocol):
    """A place that facts are sent to."""

    @property
    def name(self) -> str:
        """The sink's name, for ever: cursor, lease and dead letters are kept under it."""
        ...

    @property
    def destination(self) -> str:
        """Where it sends to, as an operator should read it."""
        ...

    @property
    def needs_consent(self) -> bool:
        """Whether what it takes leaves the installation."""
        ...

    async def send(self, facts: Sequence[Outgoing]) -> Outcome:
        """Send the facts in one request. Never raises for anything the network or the host does."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
