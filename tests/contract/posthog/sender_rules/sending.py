"""What the tests of our sender share: both sinks, a relay that rests for long, and what it notes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from authsome.telemetry.relay import Pace
from authsome.telemetry.relay.notes import Notes
from authsome.telemetry.sinks.posthog.send import PostHogSink
from authsome.telemetry.sinks.posthog.send_v1 import PostHogV1Sink
from authsome.testing.posthog import PostHogSimulator
from tests.contract.posthog.relaying import READER
from tests.support.databases import fresh_sqlite

SINKS: dict[str, type[PostHogSink]] = {"v0": PostHogSink, "v1": PostHogV1Sink}
PATIENT = Pace(poll=0.02, linger=0.0, first_retry=100.0)  # it rests for longer than a test, and says how long


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Only SQLite: what an answer means does not depend on the database."""
    return fresh_sqlite(tmp_path)


def sink_to(api: str, store: Store, posthog: PostHogSimulator, *, key: str = "") -> PostHogSink:
    return SINKS[api](host=posthog.url, key=Secret(key or posthog.key), clock=store.clock, within=0.3)


async def until_noted(store: Store) -> Notes:
    """What the relay notes when it rests or is done."""
    async with asyncio.timeout(10):
        while (notes := await _noted(store)).answered_at is None:
            await asyncio.sleep(0.005)
    return notes


def rests(notes: Notes) -> float:
    """For how many seconds."""
    assert notes.answered_at is not None
    assert notes.resumes_at is not None
    return (notes.resumes_at - notes.answered_at).total_seconds()


async def _noted(store: Store) -> Notes:
    cursor = await store.keep(lambda books: books.cursors.find(READER))
    return Notes.from_state(cursor.state if cursor else {})
