"""The history of consent says what was agreed to: which events and fields, in which form, when."""

from __future__ import annotations

from authsome.kit.caller import ActorKind, Caller, server_caller
from authsome.store.rows.settings import Setting
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.telemetry import catalogue
from authsome.telemetry.consent import settle_consent
from authsome.telemetry.consent.export_past import export_past
from authsome.telemetry.consent.history import Agreement, additions, read_history
from authsome.telemetry.events import ConsentReason
from authsome.telemetry.naming.terms import Terms
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
OLDER = "0" * 64


async def history(store: Store) -> list[Agreement]:
    return await store.read(lambda view: read_history(view, SINK))


async def as_if_an_older_version_had_asked(store: Store) -> None:
    """The open window was opened under a catalogue that lacked an event, and a field of another."""
    outline = catalogue.outline()
    del outline["identity_released"]
    del outline["run_completed"]["seconds"]

    def body(work: UnitOfWork) -> None:
        work.quiet("a test stands in for an older version")
        (window,) = work.consent_windows.list_for(SINK)
        work.settings.add(Setting(id=OLDER, value=outline, updated_at=work.now))
        work.consent_windows.set(window.id, catalogue_hash=OLDER)

    await store.write(server_caller(store.installation_id), body)


async def test_another_version_opens_a_window_with_the_new_hash_and_leaves_no_gap(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await as_if_an_older_version_had_asked(consented)
    await record(consented, *log_ins(1))
    await settle_consent(consented, sink=SINK, allowed=True)
    await record(consented, *log_ins(1, first=1))
    newer, older = await history(consented)
    assert (newer.reason, older.reason) == (ConsentReason.CATALOGUE, ConsentReason.ENVIRONMENT)
    assert older.window.closed_position == newer.window.opened_position
    assert newer.window.catalogue_hash == catalogue.digest()
    async with relaying(consented, sink_to(consented, posthog)):
        await until_position(consented, await head_of(consented))
    assert who(posthog) == ["prn_0", "prn_1"]


async def test_it_names_what_the_catalogue_has_gained_since(consented: Store) -> None:
    await as_if_an_older_version_had_asked(consented)
    (older,) = await history(consented)
    assert older.new_since is not None
    assert older.new_since.events == ("identity_released",)
    assert older.new_since.fields == ("run_completed.seconds",)
    await settle_consent(consented, sink=SINK, allowed=True)
    newer = (await history(consented))[0]
    assert newer.new_since is not None
    assert (newer.new_since.events, newer.new_since.fields) == ((), ())


async def test_a_start_of_the_same_version_opens_nothing(consented: Store) -> None:
    await settle_consent(consented, sink=SINK, allowed=True)
    assert len(await history(consented)) == 1


async def test_each_window_says_why_and_in_which_form(consented: Store) -> None:
    await settle_consent(consented, sink=SINK, allowed=True, terms=Terms(group=True))
    await export_past(consented, ADMIN, sink=SINK, since=consented.clock.now())
    await position_all(consented)
    found = await history(consented)
    assert [(one.reason, one.terms.group) for one in found] == [
        (ConsentReason.PAST, True),
        (ConsentReason.TERMS, True),
        (ConsentReason.ENVIRONMENT, False),
    ]


def test_a_field_that_was_local_and_is_no_more_is_new() -> None:
    before = {"run_started": {"program": "local", "did": "pseudonym"}}
    now = {"run_started": {"program": "public", "did": "pseudonym", "label": "local"}, "run_ended": {}}
    found = additions(before, now)
    assert (found.events, found.fields) == (("run_ended",), ("run_started.program",))
