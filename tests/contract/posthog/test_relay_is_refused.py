"""What PostHog refuses does not stop the rest, and what only an operator can mend waits for the operator."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from authsome.kit.event import Event
from authsome.kit.secret import Secret
from authsome.principal.events import PrincipalInvited, PrincipalLoggedIn
from authsome.principal.model import LinkKind, Role, SessionKind
from authsome.store.transactions import Store
from authsome.telemetry.mode import TelemetrySettings, decide_mode
from authsome.telemetry.relay import RelayStatus, read_status
from authsome.telemetry.sink import Outgoing
from authsome.telemetry.sinks.posthog.send import PostHogSink
from authsome.testing.posthog import Answer, PostHogSimulator
from tests.contract.posthog.relaying import (
    SINK,
    head_of,
    log_ins,
    position_of,
    record,
    relaying,
    sink_to,
    until_position,
    who,
)
from tests.support.databases import fresh_sqlite

DECISION = decide_mode(TelemetrySettings(env="prod", posthog_api_key=Secret("phc_simulated")))


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Only SQLite: what an answer means does not depend on the database."""
    return fresh_sqlite(tmp_path)


class Unchecked(PostHogSink):
    """A sink that lets everything through, so that PostHog's own refusals are met."""

    def objection(self, fact: Outgoing) -> str | None:
        return None


def unchecked(store: Store, posthog: PostHogSimulator) -> Unchecked:
    return Unchecked(host=posthog.url, key=Secret(posthog.key), clock=store.clock)


def too_large() -> Event:
    """A fact that PostHog refuses with 400, and the batch around it."""
    return PrincipalInvited(invitation_id="x" * 1_000_001, kind=LinkKind.INVITATION, role=Role.MEMBER)


async def status(store: Store) -> RelayStatus:
    return await read_status(store, DECISION, sink=SINK)


async def until_paused(store: Store) -> RelayStatus:
    async with asyncio.timeout(10):
        while (found := await status(store)).paused is None:
            await asyncio.sleep(0.01)
    return found


async def test_one_malformed_event_is_found_by_halving_and_the_rest_arrives(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await record(consented, *log_ins(7), too_large(), *log_ins(6, first=7))
    async with relaying(consented, unchecked(consented, posthog)):
        await until_position(consented, await head_of(consented))
    assert len(who(posthog)) == 13
    found = await status(consented)
    assert found.dead_letters == 1
    assert found.latest_dead_letters[0].reason == "refused: 400 maximum event size exceeded"
    assert len(posthog.requests) <= 10


async def test_what_is_known_to_be_refused_is_not_even_sent(
    consented: Store, posthog: PostHogSimulator
) -> None:
    personal = PrincipalLoggedIn(principal_id="ada@example.org", session_id="ses_x", kind=SessionKind.BROWSER)
    await record(consented, *log_ins(1), too_large(), personal, *log_ins(1, first=1))
    async with relaying(consented, sink_to(consented, posthog)):
        await until_position(consented, await head_of(consented))
    reasons = [letter.reason for letter in (await status(consented)).latest_dead_letters]
    assert [reason.split(":")[0] for reason in reasons] == ["not_sendable", "subject_unusable"]
    assert {r.status for r in posthog.requests} == {200}
    assert len(who(posthog)) == 2
    assert not posthog.holding("ada@example.org")


async def test_when_everything_is_refused_the_lane_pauses_and_nothing_is_buried(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await record(consented, *log_ins(3))
    before = await position_of(consented)
    posthog.always(Answer(status=400, text="not like this"))
    async with relaying(consented, sink_to(consented, posthog)):
        found = await until_paused(consented)
        assert (found.dead_letters, await position_of(consented)) == (0, before)
        posthog.always(None)
        await until_position(consented, await head_of(consented))
    assert found.paused == "every fact is refused; refused: 400 not like this"
    assert len(who(posthog)) == 3
