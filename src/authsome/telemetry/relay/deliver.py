"""Get facts past a sink that may refuse some of them.

A refusal names no culprit, so the batch is halved until one fact is alone. When every fact of a batch is
refused alone, the fault is hardly in the facts: the lane pauses instead of burying them all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from authsome.telemetry.portion import Refusal
from authsome.telemetry.sink import (
    Outcome,
    Outgoing,
    PauseLane,
    Rejected,
    RetryLater,
    Sorted,
    Taken,
    TooLarge,
)

MOST_FACTS = 200  # in one request
MOST_BYTES = 1024 * 1024  # in one request, before it is packed; PostHog takes 20 MiB

Send = Callable[[Sequence[Outgoing]], Awaitable[Outcome]]


@dataclass(slots=True)
class Progress:
    """How far it came: all facts up to `done_upto` are taken, among the culprits, or to be sent `again`."""

    done_upto: int | None = None
    culprits: list[Refusal] = field(default_factory=list)
    again: list[Refusal] = field(default_factory=list)
    interruption: PauseLane | RetryLater | None = None
    sent: int = 0

    def add(self, other: Progress) -> None:
        """What followed."""
        self.done_upto = self.done_upto if other.done_upto is None else other.done_upto
        self.culprits += other.culprits
        self.again += other.again
        self.interruption = other.interruption
        self.sent += other.sent


async def deliver(facts: Sequence[Outgoing], *, send: Send) -> Progress:
    """Send the facts in order, parcel by parcel, until all are done or something interrupts."""
    progress = Progress()
    for parcel in parcels(facts):
        progress.add(await _deliver_parcel(parcel, send))
        if progress.interruption is not None:
            break
    return progress


def parcels(facts: Sequence[Outgoing]) -> Iterator[Sequence[Outgoing]]:
    """The facts in their order, in stretches of at most MOST_FACTS and MOST_BYTES (or one larger fact)."""
    parcel: list[Outgoing] = []
    room = MOST_BYTES
    for fact in facts:
        needs = fact.most_bytes
        if parcel and (len(parcel) == MOST_FACTS or needs > room):
            yield parcel
            parcel, room = [], MOST_BYTES
        parcel.append(fact)
        room -= needs
    if parcel:
        yield parcel


async def _deliver_parcel(parcel: Sequence[Outgoing], send: Send) -> Progress:
    done = Progress()
    waiting = [parcel]
    while waiting and done.interruption is None:
        part = waiting.pop()
        match await send(part):
            case Taken():
                done.done_upto = part[-1].position
                done.sent += len(part)
            case Sorted() as answer:
                _sort(done, part, answer)
            case PauseLane() | RetryLater() as interruption:
                done.interruption = interruption
            case Rejected() | TooLarge() if len(part) > 1:
                middle = len(part) // 2
                waiting += [part[middle:], part[:middle]]
            case Rejected(reason=reason):
                _blame(done, part[0], reason)
            case TooLarge():
                _blame(done, part[0], "too large by itself")
    return _unless_all_are_guilty(done, parcel)


def _sort(done: Progress, part: Sequence[Outgoing], answer: Sorted) -> None:
    """What is to come later must not hold up what follows it: it is set aside and sent again alone."""
    for fact in part:
        if (reason := answer.refused.get(fact.event_id)) is not None:
            _blame(done, fact, reason)
        elif (reason := answer.later.get(fact.event_id)) is not None:
            done.again.append(_refusal(fact, reason))
        else:
            done.sent += 1
    done.done_upto = part[-1].position


def _blame(done: Progress, fact: Outgoing, reason: str) -> None:
    done.culprits.append(_refusal(fact, f"refused: {reason}"))
    done.done_upto = fact.position


def _refusal(fact: Outgoing, reason: str) -> Refusal:
    return Refusal(position=fact.position, event_id=fact.event_id, reason=reason)


def _unless_all_are_guilty(done: Progress, parcel: Sequence[Outgoing]) -> Progress:
    if len(parcel) == 1 or done.sent or not done.culprits:
        return done
    return Progress(
        interruption=done.interruption or PauseLane(f"every fact is refused; {done.culprits[0].reason}")
    )
