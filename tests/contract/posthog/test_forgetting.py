"""Whoever is erased is sent no more, and PostHog is asked to delete them until it has."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.principal.model import Role
from authsome.store.books.books import Books
from authsome.store.books.deletions import Deletion, DeletionState
from authsome.store.transactions import Store
from authsome.telemetry.forget.run import Forgetter
from authsome.telemetry.mode import TelemetrySettings, decide_mode
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import Answer, PostHogSimulator
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID
from authsome.vault.installation_key import InstallationKey
from tests.contract.nouns.erased import Busy, busy, erase
from tests.contract.nouns.people import Person, person
from tests.contract.posthog.relaying import SINK, head_of, relaying, sink_to, until_position
from tests.support.crash import Crash, crash_before
from tests.support.log import position_all


def settings(posthog: PostHogSimulator, **changes: object) -> TelemetrySettings:
    values: dict[str, object] = {
        "env": "prod",
        "posthog_api_key": Secret(posthog.key),
        "posthog_host": posthog.url,
        "posthog_personal_api_key": Secret(PERSONAL_KEY),
        "posthog_project_id": PROJECT_ID,
    }
    return TelemetrySettings(**values | changes)  # type: ignore[arg-type]


def forgetter(store: Store, posthog: PostHogSimulator, **changes: object) -> Forgetter:
    chosen = settings(posthog, **changes)
    return Forgetter(
        store,
        chosen,
        decide_mode(chosen),
        key=PseudonymKey(InstallationKey(b"k" * 32)),
        holder="first",
        entropy=SystemEntropy(),
    )


async def deliver_all(store: Store, posthog: PostHogSimulator) -> None:
    await position_all(store)
    async with relaying(store, sink_to(store, posthog)):
        await until_position(store, await head_of(store))


async def work(forgetting: Forgetter) -> None:
    """Until there is nothing more to do just now."""
    while await forgetting.step():
        pass


async def state(store: Store) -> Deletion:
    (erasure,) = await store.read(lambda view: view.erasures.list())
    found = await store.keep(lambda books: books.deletions.of([erasure.id]))
    return found[erasure.id]


async def erased(store: Store, posthog: PostHogSimulator) -> tuple[Person, Busy]:
    """Ann was known at PostHog, and is erased."""
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await deliver_all(store, posthog)
    assert what.agent.handle in posthog.persons
    await erase(store, eve.confirmed, what.ann.id)
    return eve, what


def refused(books: Books, event_id: str, position: int) -> None:
    books.dead_letters.add(sink=SINK, event_id=event_id, position=position, reason="refused: 400")


def of(posthog: PostHogSimulator, what: Busy) -> list[str]:
    ids = {what.ann.id, what.agent.handle, what.ann.agent.handle}
    return [event.name for event in posthog.taken if event.distinct_id in ids]


async def test_unsent_facts_of_the_erased_never_leave_and_the_erasure_does(
    consented: Store, posthog: PostHogSimulator
) -> None:
    eve, what = await person(consented, "eve", role=Role.ADMIN), await busy(consented)
    await erase(consented, eve.confirmed, what.ann.id)
    await deliver_all(consented, posthog)
    assert of(posthog, what) == []
    named = [event for event in posthog.taken if what.ann.id in str(event.properties)]
    assert [event.name for event in named] == ["principal_erased"]
    assert named[0].distinct_id == consented.installation_id
    assert named[0].personless


async def test_a_dead_letter_and_a_retry_about_the_erased_are_thrown_away(
    consented: Store, posthog: PostHogSimulator
) -> None:
    eve, what = await person(consented, "eve", role=Role.ADMIN), await busy(consented)
    await position_all(consented)
    facts = await consented.read(lambda view: view.event_log.after(0, 100))
    for fact in (fact for fact in facts if what.ann.id in fact.people):
        await consented.keep(partial(refused, event_id=fact.id, position=fact.position or 0))
    await erase(consented, eve.confirmed, what.ann.id)
    await position_all(consented)
    await work(forgetter(consented, posthog))
    assert await consented.keep(lambda books: books.dead_letters.list(SINK)) == []
    await deliver_all(consented, posthog)
    assert of(posthog, what) == []


async def test_posthog_deletes_the_person_at_once_and_is_looked_at_until_the_events_are_gone(
    consented: Store, posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    _, what = await erased(consented, posthog)
    await deliver_all(consented, posthog)
    worker = forgetter(consented, posthog)
    await work(worker)
    assert what.agent.handle not in posthog.persons
    asked = await state(consented)
    assert (asked.state, asked.requested_at is not None) == (DeletionState.REQUESTED, True)
    clock.advance(timedelta(seconds=11))
    await work(worker)
    looked = await state(consented)
    assert (looked.state, looked.left) == (DeletionState.REQUESTED, len(of(posthog, what)))
    assert "often on Sundays" in (looked.because or "")
    posthog.run_deletions()
    clock.advance(timedelta(minutes=1))
    await work(worker)
    done = await state(consented)
    assert (done.state, done.left, done.because) == (DeletionState.VERIFIED, 0, None)
    assert of(posthog, what) == []


async def test_nothing_is_asked_before_the_relay_has_come_past(
    consented: Store, posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    _, what = await erased(consented, posthog)
    await position_all(consented)
    worker = forgetter(consented, posthog)
    await worker.step()
    await worker.step()
    assert (await state(consented)).state is DeletionState.WAITING
    assert what.agent.handle in posthog.persons
    clock.advance(timedelta(minutes=6))  # a lane that is paused does not hold it up for ever
    await work(worker)
    assert what.agent.handle not in posthog.persons


async def test_events_that_have_no_person_are_named_as_left_to_be_done_by_hand(
    consented: Store, posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    await erased(consented, posthog)
    await deliver_all(consented, posthog)
    for one in list(posthog.persons):
        posthog._ingestion.persons.pop(one)  # as if somebody had deleted persons, and not their events
    worker = forgetter(consented, posthog)
    await work(worker)
    clock.advance(timedelta(days=2))
    await work(worker)
    found = await state(consented)
    assert found.state in (DeletionState.REQUESTED, DeletionState.WAITING)
    assert "without a person" in (found.because or "")


async def test_whatever_posthog_answers_it_is_asked_again_in_time(
    consented: Store, posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    await erased(consented, posthog)
    await deliver_all(consented, posthog)
    worker = forgetter(consented, posthog)
    posthog.next_private(Answer(status=503, retry_after="90"))
    await work(worker)
    put_off = await state(consented)
    assert put_off.because == "503; it is tried again"
    assert put_off.next_at >= clock.moment + timedelta(seconds=89)
    posthog.private.keys = {PERSONAL_KEY: frozenset({"query:read"})}
    clock.advance(timedelta(seconds=91))
    await work(worker)
    paused = await state(consented)
    assert "missing required scope 'person:write'" in (paused.because or "")
    assert paused.next_at >= clock.moment + timedelta(minutes=59)
    posthog.private.keys = {PERSONAL_KEY: frozenset({"query:read", "person:write"})}
    await work(forgetter(consented, posthog))  # a server started anew, with a better key, does not wait
    assert (await state(consented)).state is DeletionState.REQUESTED


async def test_where_nothing_may_be_sent_no_socket_is_opened_and_the_receipt_says_why(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await erased(consented, posthog)
    await position_all(consented)
    changes: list[tuple[dict[str, object], str]] = [
        ({"do_not_track": "1"}, "telemetry is local: AUTHSOME_DO_NOT_TRACK forbids it"),
        ({"posthog_personal_api_key": None}, "AUTHSOME_POSTHOG_PERSONAL_API_KEY is not set"),
        ({"posthog_project_id": None}, "AUTHSOME_POSTHOG_PROJECT_ID is not set"),
    ]
    before = len(posthog.requests)
    for change, because in changes:
        await work(forgetter(consented, posthog, **change))
        found = await state(consented)
        assert (found.state, found.because) == (DeletionState.WAITING, because)
    assert len(posthog.requests) == before


async def test_where_nothing_was_ever_sent_nothing_is_asked(store: Store, posthog: PostHogSimulator) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await erase(store, eve.confirmed, what.ann.id)
    await position_all(store)
    await work(forgetter(store, posthog))
    assert (await state(store)).state is DeletionState.NOT_NEEDED
    assert posthog.requests == []


async def test_a_crash_between_any_two_statements_asks_all_the_same(
    consented: Store, posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    _, what = await erased(consented, posthog)
    await deliver_all(consented, posthog)
    crashes = 0
    engines = consented.database.books.engine, consented.database.reader.engine
    for nth in range(1, 60):
        try:
            with crash_before(nth, *engines):
                await work(forgetter(consented, posthog))
        except Crash:
            crashes += 1
        else:
            break
    assert crashes >= 8
    posthog.run_deletions()
    clock.advance(timedelta(minutes=1))
    await work(forgetter(consented, posthog))
    assert (await state(consented)).state is DeletionState.VERIFIED
    assert of(posthog, what) == []
