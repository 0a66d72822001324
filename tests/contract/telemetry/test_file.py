"""Every fact is one line of the file, once, whatever dies in between; and the log can be taken elsewhere."""

from __future__ import annotations

import json
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from authsome.identity.events import IdentityRegistered
from authsome.kit.ids import SystemEntropy
from authsome.store.books.dead_letters import LetterState
from authsome.store.tables.log import event_log
from authsome.store.transactions import Store
from authsome.telemetry.export import lines_page
from authsome.telemetry.mode import TelemetrySettings, decide_mode
from authsome.telemetry.relay import Relay, read_status
from authsome.telemetry.sinks.file import FileSink
from authsome.telemetry.sinks.lines import LineFormat
from authsome.telemetry.start import open_relays
from tests.contract.posthog.relaying import PACE, head_of, log_ins, record, running
from tests.support.log import all_events
from tests.support.waiting import eventually_async

READER = "relay:file"


async def relays(store: Store, path: Path | None, telemetry: str = "local") -> list[Relay]:
    settings = TelemetrySettings(telemetry=telemetry, file=path)
    decision = decide_mode(settings)
    return await open_relays(store, settings, decision, holder="one", entropy=SystemEntropy(), pace=PACE)


async def write_all(store: Store, path: Path) -> None:
    (relay,) = await relays(store, path)
    head = await head_of(store)
    async with running(relay):
        await eventually_async(lambda: at(store, head))


async def at(store: Store, position: int) -> bool:
    cursor = await store.keep(lambda books: books.cursors.find(READER))
    return cursor is not None and cursor.position == position


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def set_back(store: Store, position: int = 0) -> None:
    await store.keep(lambda books: books.cursors.set(READER, position=position))


async def test_every_fact_is_a_line_in_the_order_of_the_log(store: Store, tmp_path: Path) -> None:
    await record(store, *log_ins(5))
    path = tmp_path / "facts.jsonl"
    await write_all(store, path)
    facts = await all_events(store)
    assert [(one["position"], one["uuid"], one["event"]) for one in lines(path)] == [
        (fact.position, fact.uuid, fact.name) for fact in facts
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_what_was_written_before_the_cursor_moved_is_not_written_twice(
    store: Store, tmp_path: Path
) -> None:
    await record(store, *log_ins(5))
    path = tmp_path / "facts.jsonl"
    await write_all(store, path)
    whole = path.read_bytes()
    await set_back(store)
    await write_all(store, path)
    assert path.read_bytes() == whole


async def test_a_line_that_was_torn_is_written_whole(store: Store, tmp_path: Path) -> None:
    await record(store, *log_ins(5))
    path = tmp_path / "facts.jsonl"
    await write_all(store, path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    await set_back(store)
    await write_all(store, path)
    assert path.read_bytes() == whole


async def test_a_file_that_was_moved_away_goes_on_in_a_new_one(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    await record(store, *log_ins(2))
    await write_all(store, path)
    path.rename(tmp_path / "old.jsonl")
    await record(store, *log_ins(1, first=2))
    await write_all(store, path)
    assert [one["subject"] for one in lines(path)] == ["prn_2"]


async def test_a_file_that_cannot_be_written_holds_the_facts_back(store: Store, tmp_path: Path) -> None:
    await record(store, *log_ins(1))
    path = tmp_path / "later" / "facts.jsonl"
    (relay,) = await relays(store, path)
    decision = decide_mode(TelemetrySettings(telemetry="local"))
    head = await head_of(store)

    async def paused() -> bool:
        return (await read_status(store, decision, sink="file")).paused is not None

    async with running(relay):
        await eventually_async(paused)
        path.parent.mkdir()
        await eventually_async(lambda: at(store, head))
    assert len(lines(path)) == head


async def test_without_the_setting_nothing_is_held_back_for_it(store: Store, tmp_path: Path) -> None:
    await record(store, *log_ins(1))
    await write_all(store, tmp_path / "facts.jsonl")
    assert await store.keep(lambda books: books.cursors.slowest_enabled()) is not None
    assert await relays(store, None) == []
    assert await store.keep(lambda books: books.cursors.slowest_enabled()) is None


async def test_off_is_off_for_the_file_too(store: Store, tmp_path: Path) -> None:
    assert await relays(store, tmp_path / "facts.jsonl", telemetry="off") == []


@pytest.mark.parametrize("line_format", list(LineFormat))
async def test_no_local_field_is_in_a_line(store: Store, line_format: LineFormat) -> None:
    registered = IdentityRegistered(
        identity_id="idn_1",
        identity_handle="brisk-amber-otter-4821",
        did="did:key:z6Mk",
        claim_id="clm_1",
        label="ada's laptop",
    )
    await record(store, registered)
    page = await store.read(
        lambda view: lines_page(view, line_format, installation_id=store.installation_id, after=0, limit=100)
    )
    assert "brisk-amber-otter-4821" in page.lines[-1]
    assert "laptop" not in "".join(page.lines)


@pytest.mark.parametrize("line_format", list(LineFormat))
async def test_an_export_goes_on_where_a_page_ended(store: Store, line_format: LineFormat) -> None:
    await record(store, *log_ins(5))
    found: list[str] = []
    after: int | None = 0
    while after is not None:
        page = await store.read(
            lambda view, after=after: lines_page(  # type: ignore[misc]
                view, line_format, installation_id=store.installation_id, after=after, limit=2
            )
        )
        found += page.lines
        after = page.next
    assert len(found) == len(set(found)) == await head_of(store)


async def test_a_cloud_event_has_what_its_specification_asks_for(store: Store) -> None:
    await record(store, *log_ins(1))
    page = await store.read(
        lambda view: lines_page(
            view, LineFormat.CLOUDEVENTS, installation_id=store.installation_id, after=0, limit=100
        )
    )
    fact, event = (await all_events(store))[-1], json.loads(page.lines[-1])
    assert event["specversion"] == "1.0"
    assert (event["id"], event["type"]) == (fact.uuid, "authsome.principal_logged_in")
    assert event["source"] == f"urn:authsome:{store.installation_id}"
    assert event["subject"] == "prn_0"
    assert datetime.fromisoformat(event["time"]) == fact.occurred_at
    assert event["datacontenttype"] == "application/json"
    assert event["data"]["principal_id"] == "prn_0"


async def test_the_sink_says_where_it_writes(tmp_path: Path) -> None:
    assert str(tmp_path) in FileSink(tmp_path / "facts.jsonl").destination


async def test_a_fact_of_another_version_is_a_dead_letter_of_the_file_and_can_be_written_later(
    store: Store, tmp_path: Path
) -> None:
    await record(store, *log_ins(2))
    odd = (await all_events(store))[-1]
    path = tmp_path / "facts.jsonl"
    await rename(store, odd.id, "principal_beamed_up")
    await write_all(store, path)
    assert [one["uuid"] for one in lines(path)][-1] != odd.uuid
    (letter,) = await store.keep(lambda books: books.dead_letters.list("file"))
    assert (letter.event_id, letter.reason.partition(":")[0]) == (odd.id, "event_unknown")
    await rename(store, odd.id, odd.name)
    await store.keep(lambda books: books.dead_letters.decide("file", LetterState.RETRYING, event_ids=None))
    (relay,) = await relays(store, path)
    async with running(relay):
        await eventually_async(lambda: has_no_letters(store))
    assert [one["uuid"] for one in lines(path)][-1] == odd.uuid


async def has_no_letters(store: Store) -> bool:
    return not await store.keep(lambda books: books.dead_letters.list("file"))


async def rename(store: Store, event_id: str, name: str) -> None:
    """As a newer server would have written it."""
    await store.keep_log(
        lambda connection: connection.execute(
            update(event_log).where(event_log.c.id == event_id).values(name=name)
        )
    )
