"""A dead letter can be sent again, once, or given up; and what one fact suffers holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from authsome.store.books.dead_letters import LetterState
from authsome.store.transactions import Store
from authsome.telemetry.consent import settle_consent
from authsome.telemetry.sink import Outcome, Outgoing, RetryLater, Sorted, Taken
from authsome.telemetry.sinks.posthog import payload
from authsome.testing.posthog import Answer, PostHogSimulator
from tests.contract.posthog.relaying import (
    SINK,
    head_of,
    log_ins,
    record,
    relaying,
    sink_to,
    until,
    until_position,
    who,
)
from tests.support.log import all_events, position_all


async def letters(store: Store, *states: LetterState) -> list[str]:
    found = await store.keep(
        lambda books: books.dead_letters.list(SINK, states=states or (LetterState.REFUSED,))
    )
    return [letter.event_id for letter in found]


async def decide(store: Store, state: LetterState, *event_ids: str) -> int:
    chosen = event_ids or None
    return await store.keep(lambda books: books.dead_letters.decide(SINK, state, event_ids=chosen))


async def until_settled(store: Store) -> None:
    """Wait until nothing is to be sent again."""
    async with asyncio.timeout(10):
        while await letters(store, LetterState.RETRYING):
            await asyncio.sleep(0.01)


async def bury(store: Store, posthog: PostHogSimulator, *, among: int = 2) -> str:
    """Have PostHog refuse the last of some facts for good; its event id."""
    await record(store, *log_ins(among))
    refused = (await all_events(store))[-1]

    class Refusing(Chosen):
        def answer(self, facts: Sequence[Outgoing]) -> Outcome:
            return Sorted(refused={refused.id: "drop: not now"})

    async with relaying(store, Refusing()):
        await until_position(store, await head_of(store))
    assert await letters(store) == [refused.id]
    return refused.id


class Chosen:
    """A sink under PostHog's name whose answers a test chooses."""

    name = SINK
    destination = "nowhere"
    needs_consent = True

    def __init__(self) -> None:
        self.sent: list[list[str]] = []

    def objection(self, fact: Outgoing) -> str | None:
        return None

    def render(self, facts: Sequence[Outgoing]) -> bytes:
        return payload.render(facts)

    async def send(self, facts: Sequence[Outgoing]) -> Outcome:
        self.sent.append([fact.event_id for fact in facts])
        return self.answer(facts)

    def answer(self, facts: Sequence[Outgoing]) -> Outcome:
        return Taken()

    async def close(self) -> None:
        """Holds nothing open."""


async def test_a_letter_that_is_put_back_is_sent_once_with_its_uuid_and_time(
    consented: Store, posthog: PostHogSimulator
) -> None:
    event_id = await bury(consented, posthog)
    fact = await consented.read(lambda view: view.event_log.find(event_id))
    assert fact is not None
    assert await decide(consented, LetterState.RETRYING) == 1
    async with relaying(consented, sink_to(consented, posthog)):
        await until(posthog, lambda p: who(p) == ["prn_1"])
        await until_settled(consented)
        await asyncio.sleep(0.2)
    assert [(str(e.uuid), e.timestamp) for e in posthog.taken] == [(fact.uuid, fact.occurred_at)]
    assert await letters(consented) == []


async def test_a_crash_between_the_answer_and_the_note_sends_the_same_again(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await bury(consented, posthog)
    await decide(consented, LetterState.RETRYING)
    posthog.next(Answer(status=503, take=True))
    async with relaying(consented, sink_to(consented, posthog)):
        await until_settled(consented)
    assert len(posthog.taken) == 2
    assert len(posthog.events) == 1


async def test_only_the_letters_that_are_named_are_put_back(
    consented: Store, posthog: PostHogSimulator
) -> None:
    event_id = await bury(consented, posthog)
    assert await decide(consented, LetterState.RETRYING, "evt_other") == 0
    assert await decide(consented, LetterState.RETRYING, event_id) == 1
    assert await decide(consented, LetterState.RETRYING, event_id) == 0


async def test_what_is_given_up_is_not_shown_not_sent_and_still_noted(
    consented: Store, posthog: PostHogSimulator
) -> None:
    event_id = await bury(consented, posthog)
    assert await decide(consented, LetterState.DROPPED, event_id) == 1
    assert await decide(consented, LetterState.RETRYING) == 0
    async with relaying(consented, sink_to(consented, posthog)):
        await asyncio.sleep(0.2)
    assert posthog.requests == []
    assert await letters(consented) == []
    assert await letters(consented, LetterState.DROPPED) == [event_id]


async def test_what_is_refused_again_is_a_dead_letter_again_and_pauses_nothing(
    consented: Store, posthog: PostHogSimulator
) -> None:
    event_id = await bury(consented, posthog)
    await decide(consented, LetterState.RETRYING)
    posthog.next(Answer(status=400, text="still not"))
    await record(consented, *log_ins(1, first=5))
    async with relaying(consented, sink_to(consented, posthog)):
        await until(posthog, lambda p: who(p) == ["prn_5"])
        await until_settled(consented)
    assert await letters(consented) == [event_id]


async def test_a_letter_outside_every_window_is_not_sent_again(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await settle_consent(consented, sink=SINK, allowed=False)
    await record(consented, *log_ins(1))
    outside = (await all_events(consented))[-1]
    await consented.keep(
        lambda books: books.dead_letters.add(
            sink=SINK,
            event_id=outside.id,
            position=outside.position or 0,
            reason="x",
            state=LetterState.RETRYING,
        )
    )
    await settle_consent(consented, sink=SINK, allowed=True)
    await position_all(consented)
    async with relaying(consented, sink_to(consented, posthog)):
        await until_settled(consented)
    assert who(posthog) == []
    assert await letters(consented) == [outside.id]


async def test_what_is_put_off_alone_holds_up_nothing_and_comes_alone(consented: Store) -> None:
    await record(consented, *log_ins(3))
    late = (await all_events(consented))[-2].id

    class Late(Chosen):
        def answer(self, facts: Sequence[Outgoing]) -> Outcome:
            if len(facts) == 1 and len(self.sent) < 4:
                return RetryLater("retry: busy")
            return Sorted(later={late: "retry: busy"}) if len(facts) > 1 else Taken()

    sink = Late()
    async with relaying(consented, sink):
        await until_position(consented, await head_of(consented))
        await until_settled(consented)
    assert sink.sent[1:] == [[late]] * 3
    assert await letters(consented) == []


async def test_when_each_of_many_is_dropped_the_lane_pauses_and_nothing_is_buried(consented: Store) -> None:
    await record(consented, *log_ins(3))

    class Dropping(Chosen):
        def answer(self, facts: Sequence[Outgoing]) -> Outcome:
            return Sorted(refused={fact.event_id: "drop: all" for fact in facts})

    sink = Dropping()
    async with relaying(consented, sink):
        async with asyncio.timeout(10):
            while not sink.sent:
                await asyncio.sleep(0.01)
    assert await letters(consented) == []
