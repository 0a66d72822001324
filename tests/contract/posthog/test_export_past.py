"""The past leaves only when an admin says so, from the day that they name, and is counted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from authsome.kit.caller import ActorKind, Caller, ConfirmationRequired
from authsome.store.transactions import Store
from authsome.telemetry.consent import settle_consent
from authsome.telemetry.consent.export_past import TelemetryNotOn, export_past, look_at_past
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from tests.contract.posthog.relaying import (
    SINK,
    head_of,
    log_ins,
    record,
    relaying,
    sink_to,
    until_position,
    who,
)
from tests.support.log import position_all

ADMIN = Caller(kind=ActorKind.PRINCIPAL, id="prn_ada", principal_id="prn_ada", is_admin=True, confirmed=True)


async def send_all(store: Store, posthog: PostHogSimulator) -> None:
    await position_all(store)
    async with relaying(store, sink_to(store, posthog)):
        await until_position(store, await head_of(store))


async def test_facts_from_the_day_on_leave_once_and_older_ones_never(
    store: Store, posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    await record(store, *log_ins(2))
    clock.advance(timedelta(days=2))
    since = clock.now() - timedelta(days=1)
    await record(store, *log_ins(2, first=2))
    clock.advance(timedelta(days=2))
    await settle_consent(store, sink=SINK, allowed=True)
    await record(store, *log_ins(1, first=4))
    await send_all(store, posthog)
    assert who(posthog) == ["prn_4"]
    shown = await store.read(lambda view: look_at_past(view, since=since))
    done = await export_past(store, ADMIN, sink=SINK, since=since)
    assert done.facts == shown.facts
    await send_all(store, posthog)
    assert who(posthog) == ["prn_2", "prn_3", "prn_4"]
    assert len([e for e in posthog.taken if e.distinct_id == "prn_2"]) == 1


async def test_without_consent_for_the_present_the_past_stays(store: Store) -> None:
    await record(store, *log_ins(1))
    with pytest.raises(TelemetryNotOn):
        await export_past(store, ADMIN, sink=SINK, since=store.clock.now() - timedelta(days=1))


async def test_it_needs_a_confirmation(consented: Store) -> None:
    since = consented.clock.now() - timedelta(days=1)
    with pytest.raises(ConfirmationRequired):
        await export_past(consented, replace(ADMIN, confirmed=False), sink=SINK, since=since)
    windows = await consented.read(lambda view: view.consent_windows.list_for(SINK))
    assert len(windows) == 1


async def test_the_decision_is_a_fact(consented: Store) -> None:
    await export_past(consented, ADMIN, sink=SINK, since=consented.clock.now() - timedelta(days=1))
    await position_all(consented)
    last = (await consented.read(lambda view: view.event_log.after(0, 100)))[-1]
    assert (last.name, last.actor_id) == ("telemetry_consent_changed", "prn_ada")
