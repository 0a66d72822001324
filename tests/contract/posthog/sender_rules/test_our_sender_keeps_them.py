"""Our relay does what each row of the tables asks of a sender, with so many requests and no more."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

import pytest

from authsome.store.books.dead_letters import LetterState
from authsome.store.transactions import Store
from authsome.telemetry.relay.notes import Notes
from authsome.testing.posthog import PostHogSimulator
from tests.contract.posthog.relaying import (
    SINK,
    head_of,
    log_ins,
    record,
    relaying,
    until_position,
    who,
)
from tests.contract.posthog.sender_rules.rules import BAD, V0, V1, Reaction, Rule
from tests.contract.posthog.sender_rules.sending import PATIENT, database_url, rests, sink_to, until_noted

__all__ = ["database_url"]
ROWS = [
    pytest.param(api, rule, id=f"{api}: {rule.name}")
    for api, rules in (("v0", V0), ("v1", V1))
    for rule in rules
]
EVERYONE = ["prn_0", "prn_1", "prn_2"]


@pytest.fixture
async def waiting(consented: Store) -> Store:
    """A store with four facts to send: the consent itself, and three log-ins."""
    await record(consented, *log_ins(3))
    return consented


async def letters(store: Store, state: LetterState) -> list[str]:
    found = await store.keep(lambda books: books.dead_letters.list(SINK, states=(state,)))
    return [letter.reason for letter in found]


def sizes(posthog: PostHogSimulator) -> list[int]:
    return [len(request.json["batch"]) for request in posthog.requests]


def spellings(posthog: PostHogSimulator) -> dict[str, set[str]]:
    """In which bytes each event was sent, by its uuid."""
    found: dict[str, set[str]] = {}
    for request in posthog.requests:
        for event in request.json["batch"]:
            found.setdefault(event["uuid"], set()).add(json.dumps(event))
    return found


@pytest.mark.parametrize(("api", "rule"), ROWS)
async def test_it_reacts_so(waiting: Store, posthog: PostHogSimulator, api: str, rule: Rule) -> None:
    rule.cause(posthog)
    async with relaying(waiting, sink_to(api, waiting, posthog, key=rule.key), pace=PATIENT):
        notes = await until_noted(waiting)
        await CHECKS[rule.reaction](waiting, posthog, notes)
    lost_unseen = rule.reaction is Reaction.DONE and not rule.taken
    posthog.behave()
    posthog.quota_exceeded = False
    await waiting.keep(lambda books: books.dead_letters.decide(SINK, LetterState.RETRYING, event_ids=None))
    async with relaying(waiting, sink_to(api, waiting, posthog), holder="mended"):
        await until_position(waiting, await head_of(waiting))
        async with asyncio.timeout(10):
            while await letters(waiting, LetterState.RETRYING):
                await asyncio.sleep(0.005)
    assert who(posthog) == ([] if lost_unseen else EVERYONE)
    assert all(len(forms) == 1 for forms in spellings(posthog).values()), "sent again, and not the same"


async def done(store: Store, posthog: PostHogSimulator, notes: Notes) -> None:
    assert (notes.last_answer, notes.paused, sizes(posthog)) == ("taken", None, [4])


async def later(store: Store, posthog: PostHogSimulator, notes: Notes) -> None:
    assert 50 <= rests(notes) <= 100, "half of the wait is chance"
    assert sizes(posthog) == [4]
    assert await letters(store, LetterState.REFUSED) == []


async def pause(store: Store, posthog: PostHogSimulator, notes: Notes) -> None:
    assert rests(notes) == 3600, "one probe an hour"
    assert sizes(posthog) == [4]
    assert await letters(store, LetterState.REFUSED) == []


async def split(store: Store, posthog: PostHogSimulator, notes: Notes) -> None:
    assert (notes.last_answer, sizes(posthog)) == ("taken", [4, 2, 2])
    assert await letters(store, LetterState.REFUSED) == []


async def bury(store: Store, posthog: PostHogSimulator, notes: Notes) -> None:
    """Found by halving where the answer is for the batch, at once where it is for the event."""
    assert len(await letters(store, LetterState.REFUSED)) == 1
    assert sizes(posthog) in ([4], [4, 2, 2, 1, 1], [4, 2, 1, 1, 2])
    assert BAD not in who(posthog)
    assert len(who(posthog)) == 2


async def apart(store: Store, posthog: PostHogSimulator, notes: Notes) -> None:
    async with asyncio.timeout(10):
        while len(posthog.requests) < 2:
            await asyncio.sleep(0.005)
    assert sizes(posthog) == [4, 1]
    assert Counter(event["distinct_id"] for event in posthog.requests[1].json["batch"]) == {BAD: 1}


CHECKS: dict[Reaction, Any] = {
    Reaction.DONE: done,
    Reaction.LATER: later,
    Reaction.PAUSE: pause,
    Reaction.SPLIT: split,
    Reaction.BURY: bury,
    Reaction.APART: apart,
}
