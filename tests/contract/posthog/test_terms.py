"""A fact leaves under the terms of its consent window, whenever it leaves and however often."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from authsome.kit.caller import ActorKind, Caller, server_caller
from authsome.store.books.dead_letters import LetterState
from authsome.store.transactions import Store
from authsome.telemetry.consent import settle_consent
from authsome.telemetry.consent.export_past import export_past
from authsome.telemetry.mode import Capture, Mode, ModeDecision
from authsome.telemetry.naming.distinct_ids import distinct_ids_of
from authsome.telemetry.naming.pseudonyms import Kind, PseudonymKey
from authsome.telemetry.naming.terms import PLAIN, Terms
from authsome.telemetry.preview import preview
from authsome.telemetry.relay import Relay
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from authsome.vault.installation_key import InstallationKey
from tests.contract.posthog.relaying import (
    PACE,
    SINK,
    head_of,
    log_ins,
    record,
    running,
    sink_to,
    until,
    until_position,
    who,
)
from tests.support.log import all_events, position_all

KEY = PseudonymKey(InstallationKey(bytes(range(32))))
NEXT_KEY = PseudonymKey(InstallationKey(bytes(32)))
KEYED = Terms(key_id=KEY.id)
DECISION = ModeDecision(mode=Mode.ON, because="a test", host="http://127.0.0.1", pseudonyms=True)
ADMIN = Caller(kind=ActorKind.PRINCIPAL, id="prn_ada", principal_id="prn_ada", is_admin=True, confirmed=True)


def keyed(number: int) -> str:
    return KEY.pseudonym(Kind.PRINCIPAL, f"prn_{number}")


async def agree(store: Store, terms: Terms = KEYED) -> None:
    await settle_consent(store, sink=SINK, allowed=True, terms=terms)
    await position_all(store)


def relay(store: Store, posthog: PostHogSimulator, key: PseudonymKey) -> Relay:
    return Relay(store, sink_to(store, posthog), holder="one", entropy=store.entropy, pace=PACE, key=key)


async def send_all(store: Store, posthog: PostHogSimulator, key: PseudonymKey = KEY) -> None:
    await position_all(store)
    async with running(relay(store, posthog, key)):
        await until_position(store, await head_of(store))


async def test_distinct_id_and_property_are_one_pseudonym_and_the_plain_id_stays(
    store: Store, posthog: PostHogSimulator
) -> None:
    await agree(store)
    await record(store, *log_ins(2))
    await send_all(store, posthog)
    assert who(posthog) == [keyed(0), keyed(1)]
    sent = [e for e in posthog.events if e.name == "principal_logged_in"]
    assert [e.properties["principal_id"] for e in sent] == who(posthog)
    own = {fact.uuid for fact in await all_events(store)}
    assert not any(str(event.uuid) in own for event in posthog.events)
    assert posthog.holding('"prn_0"') == []


async def test_what_waits_when_the_terms_change_leaves_under_those_it_was_recorded_under(
    store: Store, posthog: PostHogSimulator
) -> None:
    await agree(store, PLAIN)
    await record(store, *log_ins(2))
    await agree(store, KEYED)
    await record(store, *log_ins(1, first=2))
    await agree(store, PLAIN)
    await record(store, *log_ins(1, first=3))
    await send_all(store, posthog)
    assert who(posthog) == ["prn_0", "prn_1", keyed(2), "prn_3"]


async def test_a_change_of_terms_is_no_gap_and_one_fact(store: Store) -> None:
    await agree(store, PLAIN)
    await agree(store, KEYED)
    await agree(store, KEYED)
    first, second = await store.read(lambda view: view.consent_windows.list_for(SINK))
    assert (first.closed_position, second.closed_position) == (second.opened_position, None)
    said = [e.fields for e in await all_events(store) if e.name == "telemetry_consent_changed"]
    assert [(one["allowed"], one["reason"]) for one in said] == [(True, "environment"), (True, "terms")]
    assert (said[1]["previous_window_id"], said[1]["window_id"]) == (first.id, second.id)


async def test_a_fact_committed_under_the_old_terms_and_positioned_after_the_change_keeps_them(
    store: Store, posthog: PostHogSimulator
) -> None:
    """On PostgreSQL a server can be killed before its last facts have a position."""
    await agree(store, PLAIN)
    await store.write(server_caller(store.installation_id), lambda work: work.record(log_ins(1)[0]))
    await agree(store, KEYED)
    await record(store, *log_ins(1, first=1))
    await send_all(store, posthog)
    assert who(posthog) == ["prn_0", keyed(1)]


async def test_a_new_installation_key_opens_a_window_and_the_old_pseudonyms_are_never_mixed_with_new(
    store: Store, posthog: PostHogSimulator
) -> None:
    await agree(store, KEYED)
    await record(store, *log_ins(1))
    await agree(store, Terms(key_id=NEXT_KEY.id))
    await record(store, *log_ins(1, first=1))
    await send_all(store, posthog, NEXT_KEY)
    assert who(posthog) == [NEXT_KEY.pseudonym(Kind.PRINCIPAL, "prn_1")]
    letters = await store.keep(lambda books: books.dead_letters.list(SINK))
    assert {letter.reason.partition(":")[0] for letter in letters} == {"pseudonym_key_gone"}
    await store.keep(lambda books: books.dead_letters.decide(SINK, LetterState.RETRYING, event_ids=None))
    async with running(relay(store, posthog, KEY)):
        await until(posthog, lambda taken: keyed(0) in who(taken))


async def test_a_retry_is_worded_as_the_first_try_whatever_the_terms_are_by_then(
    store: Store, posthog: PostHogSimulator
) -> None:
    await agree(store, KEYED)
    await record(store, *log_ins(1))
    fact = (await all_events(store))[-1]
    assert fact.position is not None
    await agree(store, PLAIN)
    await store.keep(
        lambda books: books.dead_letters.add(
            sink=SINK,
            event_id=fact.id,
            position=fact.position or 0,
            reason="put off",
            state=LetterState.RETRYING,
        )
    )
    await send_all(store, posthog)
    assert set(who(posthog)) == {keyed(0)}


async def test_the_past_leaves_under_todays_terms_and_what_had_left_under_its_own(
    store: Store, posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    await record(store, *log_ins(1))
    clock.advance(timedelta(days=1))
    await agree(store, PLAIN)
    await record(store, *log_ins(1, first=1))
    await agree(store, KEYED)
    await send_all(store, posthog)
    await export_past(store, ADMIN, sink=SINK, since=clock.now() - timedelta(days=2))
    await send_all(store, posthog)
    assert who(posthog) == [keyed(0), "prn_1"]
    assert len([e for e in posthog.taken if e.distinct_id == "prn_1"]) == 2


@pytest.mark.parametrize("capture", list(Capture))
async def test_the_preview_shows_each_fact_under_its_windows_terms(store: Store, capture: Capture) -> None:
    await agree(store, PLAIN)
    await record(store, *log_ins(1))
    await agree(store, KEYED)
    await record(store, *log_ins(1, first=1))
    seen = await preview(store, replace(DECISION, capture=capture), key=KEY)
    batch = json.loads(seen.body)["batch"]
    assert [e["distinct_id"] for e in batch if e["event"] == "principal_logged_in"] == ["prn_0", keyed(1)]


async def test_an_example_is_shown_under_the_terms_that_are_asked_for(store: Store) -> None:
    await record(store, *log_ins(1))
    local = ModeDecision(mode=Mode.LOCAL, because="a test", host="", pseudonyms=True)
    assert keyed(0).encode() in (await preview(store, local, key=KEY)).body


async def test_the_group_is_the_principal_as_the_property_says_it(
    store: Store, posthog: PostHogSimulator
) -> None:
    await agree(store, PLAIN)
    await record(store, *log_ins(1))
    await agree(store, Terms(group=True))
    await record(store, *log_ins(1, first=1))
    await agree(store, Terms(key_id=KEY.id, group=True))
    await record(store, *log_ins(1, first=2))
    await send_all(store, posthog)
    sent = [e for e in posthog.events if e.name == "principal_logged_in"]
    assert [e.groups for e in sent] == [{}, {0: "prn_1"}, {0: keyed(2)}]
    assert not any("$groups" in e.properties for e in posthog.events if e.personless)


async def test_every_id_a_subject_may_have_left_under_is_found(store: Store) -> None:
    for terms in (KEYED, PLAIN, Terms(key_id=NEXT_KEY.id)):
        await agree(store, terms)
    found = await store.read(
        lambda view: distinct_ids_of(view, KEY, sink=SINK, kind=ActorKind.PRINCIPAL, subject_id="prn_0")
    )
    assert found.ids == ("prn_0", keyed(0))
    assert found.lost_keys == (NEXT_KEY.id,)


async def test_a_subject_that_never_left_under_a_pseudonym_has_one_id(store: Store) -> None:
    await agree(store, PLAIN)
    found = await store.read(
        lambda view: distinct_ids_of(
            view, KEY, sink=SINK, kind=ActorKind.IDENTITY, subject_id="brisk-amber-otter-4821"
        )
    )
    assert (found.ids, found.lost_keys) == (("brisk-amber-otter-4821",), ())
