"""What leaves: facts inside a consent window, as ids that say nothing, and no person's data."""

from __future__ import annotations

import logging

import pytest

from authsome.claim.events import IdentityClaimed
from authsome.identity.events import IdentityRegistered
from authsome.identity.model import Identity, IdentityState
from authsome.kit.caller import server_caller
from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.principal.invite import offer_set_up
from authsome.principal.register import admit
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.telemetry.consent import settle_consent
from authsome.telemetry.mode import Mode, TelemetrySettings, decide_mode
from authsome.telemetry.preview import preview
from authsome.telemetry.relay import read_status
from authsome.telemetry.start import open_relays
from authsome.testing.posthog import PostHogSimulator
from tests.contract.posthog.relaying import (
    READER,
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
from tests.support.log import all_events, position_all

EMAIL = "ada.lovelace@example.org"
HANDLE = "brisk-amber-otter-4821"
DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


async def allow(store: Store, *, allowed: bool = True) -> None:
    await settle_consent(store, sink=SINK, allowed=allowed)
    await position_all(store)


async def send_all(store: Store, posthog: PostHogSimulator) -> None:
    async with relaying(store, sink_to(store, posthog)):
        await until_position(store, await head_of(store))


async def test_facts_from_before_the_consent_never_leave(store: Store, posthog: PostHogSimulator) -> None:
    await record(store, *log_ins(3))
    await allow(store)
    await record(store, *log_ins(1, first=3))
    await send_all(store, posthog)
    assert who(posthog) == ["prn_3"]


async def test_facts_between_two_consents_never_leave(store: Store, posthog: PostHogSimulator) -> None:
    await allow(store)
    await record(store, *log_ins(1))
    await send_all(store, posthog)
    await allow(store, allowed=False)
    await record(store, *log_ins(2, first=1))
    await allow(store)
    await record(store, *log_ins(1, first=3))
    await send_all(store, posthog)
    assert who(posthog) == ["prn_0", "prn_3"]


async def test_what_waited_when_consent_ended_never_leaves(store: Store, posthog: PostHogSimulator) -> None:
    await allow(store)
    await record(store, *log_ins(2))
    await allow(store, allowed=False)
    assert await position_of(store) >= 3
    await send_all(store, posthog)
    assert posthog.requests == []


async def test_a_cursor_that_was_lost_or_moved_back_changes_nothing(
    store: Store, posthog: PostHogSimulator
) -> None:
    await record(store, *log_ins(2))
    await allow(store)
    await record(store, *log_ins(1, first=2))
    await store.keep(lambda books: books.cursors.set(READER, position=0))
    await send_all(store, posthog)
    assert who(posthog) == ["prn_2"]


async def test_a_fact_committed_before_the_consent_and_positioned_after_it_stays(
    store: Store, posthog: PostHogSimulator
) -> None:
    """On PostgreSQL a server can be killed before its last facts have a position."""
    caller = server_caller(store.installation_id)
    await store.write(caller, lambda work: work.record(log_ins(1)[0]))
    await allow(store)
    await record(store, *log_ins(1, first=1))
    await send_all(store, posthog)
    assert who(posthog) == ["prn_1"]


async def test_consent_is_a_fact_once_per_change(store: Store) -> None:
    for allowed in (False, True, True, False, False, True):
        await allow(store, allowed=allowed)
    changes = [e.fields["allowed"] for e in await all_events(store) if e.name == "telemetry_consent_changed"]
    windows = await store.read(lambda view: view.consent_windows.list_for(SINK))
    assert changes == [True, False, True]
    assert [w.closed_position is None for w in windows] == [False, True]


async def test_a_disabled_relay_holds_up_no_retention(store: Store) -> None:
    await allow(store)
    await allow(store, allowed=False)
    assert await store.keep(lambda books: books.cursors.slowest_enabled()) is None


@pytest.mark.parametrize("telemetry", ["off", "local", None, "nonsense"])
async def test_where_nothing_may_leave_no_socket_is_opened_and_no_lease_taken(
    store: Store, posthog: PostHogSimulator, telemetry: str | None
) -> None:
    settings = TelemetrySettings(telemetry=telemetry, posthog_host=posthog.url)
    decision = decide_mode(settings)
    await record(store, *log_ins(2))
    assert await open_relays(store, settings, decision, holder="a", entropy=SystemEntropy()) == []
    assert posthog.requests == []
    assert not await store.keep(lambda books: books.leases.is_live(READER))
    found = await read_status(store, decision, sink=SINK)
    assert (found.since, found.lag, found.mode) == (None, 0, decision.mode)


async def test_an_environment_that_opts_in_opens_a_window_and_one_that_opts_out_closes_it(
    store: Store, posthog: PostHogSimulator
) -> None:
    settings = TelemetrySettings(env="prod", posthog_api_key=Secret(posthog.key), posthog_host=posthog.url)
    decision = decide_mode(settings)
    assert await open_relays(store, settings, decision, holder="a", entropy=SystemEntropy())
    assert (await read_status(store, decision, sink=SINK)).since is not None
    forbidden = decide_mode(TelemetrySettings(do_not_track="1"))
    assert await open_relays(store, settings, forbidden, holder="a", entropy=SystemEntropy()) == []
    windows = await store.read(lambda view: view.consent_windows.list_for(SINK))
    assert [w.closed_position is None for w in windows] == [False]


async def test_mode_log_writes_what_would_be_sent_and_sends_nothing(
    store: Store, posthog: PostHogSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    settings = TelemetrySettings(
        telemetry="log", env="prod", posthog_api_key=Secret(posthog.key), posthog_host=posthog.url
    )
    decision = decide_mode(settings)
    assert decision.mode is Mode.LOG
    await record(store, *log_ins(1))
    with caplog.at_level(logging.INFO, logger="authsome.telemetry.log"):
        (relay,) = await open_relays(store, settings, decision, holder="a", entropy=SystemEntropy())
        await record(store, *log_ins(1, first=1))
        await relay._turn()
    lines = [line for line in caplog.messages if line.startswith("would send")]
    assert len(lines) == 1
    assert '"distinct_id":"prn_1"' in lines[0]
    assert posthog.requests == []


async def test_no_personal_data_leaves_and_persons_are_linked_by_ids(
    consented: Store, posthog: PostHogSimulator
) -> None:
    principal_id = await register(consented)
    await send_all(consented, posthog)
    assert posthog.persons[principal_id].properties == {"kind": "principal", "role": "admin"}
    assert posthog.persons[HANDLE].properties == {"kind": "agent", "did": DID, "principal_id": principal_id}
    assert consented.installation_id not in posthog.persons
    registered = next(e for e in posthog.events if e.name == "identity_registered")
    assert registered.personless
    assert posthog.merges == []
    for personal in (EMAIL, "example.org", "Lovelace", "Ada's laptop", "secret-hash", "@"):
        assert posthog.holding(personal) == [], personal
    for event in posthog.events:
        assert event.properties["$ip"] == "0.0.0.0"
        assert "$geoip_country_code" not in event.properties
        assert event.properties["$lib"] == "authsome"


async def test_every_fact_that_leaves_names_installation_and_kind_of_actor(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await register(consented)
    await send_all(consented, posthog)
    facts = [e for e in posthog.events if e.name != "$set"]
    assert {e.properties["installation_id"] for e in facts} == {consented.installation_id}
    assert {e.properties["actor_kind"] for e in facts} == {"server"}


async def test_who_has_not_opted_in_is_shown_an_example_of_what_would_leave(store: Store) -> None:
    await record(store, *log_ins(2))
    seen = await preview(store, decide_mode(TelemetrySettings()))
    assert (seen.real, seen.facts) == (False, 2)
    assert b'"distinct_id":"prn_1"' in seen.body


async def register(store: Store) -> str:
    """A principal and an agent of theirs, with the rows and facts that the use cases make."""

    def body(work: UnitOfWork) -> str:
        link = offer_set_up(work)
        assert link is not None
        principal = admit(work, link=link, email=EMAIL, hashed="secret-hash")
        at = work.record(
            IdentityRegistered(
                identity_id="idn_1", identity_handle=HANDLE, did=DID, claim_id="clm_1", label="Ada's laptop"
            )
        )
        work.identities.add(
            Identity(
                id="idn_1",
                did=DID,
                handle=HANDLE,
                label="Ada's laptop",
                state=IdentityState.CLAIMED,
                created_at=at,
                principal_id=principal.id,
            )
        )
        work.record(
            IdentityClaimed(
                claim_id="clm_1",
                identity_id="idn_1",
                identity_handle=HANDLE,
                did=DID,
                principal_id=principal.id,
                connections_granted=0,
            )
        )
        return principal.id

    principal_id = await store.write(server_caller(store.installation_id), body)
    await position_all(store)
    return principal_id
