"""An installation that has lived for months, at a fixed moment: what the dashboards are looked at with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from authsome.kit.ids import SystemEntropy
from authsome.store.database import sqlite_url
from authsome.testing.clock import SimulatedClock
from authsome.testing.sample_history import Amount, write_sample_history
from authsome.vault.installation_key import load
from authsome.vault.seal import Keeper
from tests.support.pages_server import PagesServer, serving
from tests.support.waiting import eventually_async

UNTIL = datetime(2026, 11, 26, 16, 20, tzinfo=UTC)  # a Thursday, in the afternoon
AMOUNT = Amount(principals=120, days=150)


def new_sampled_home(home: Path) -> Path:
    """A home with the history, all of which is counted. Its admin is ann@example.org; ben is a member."""
    asyncio.run(_write(home))
    return home


async def _write(home: Path) -> None:
    clock = SimulatedClock(UNTIL)
    async with serving(home, clock=clock) as server:
        admin = await server.admin()
        await server.member(admin, "ben@example.org")
    folder, entropy = home / "server", SystemEntropy()
    key = load(None, None, default_file=folder / "installation.key", entropy=entropy)
    url, keeper = sqlite_url(folder), Keeper(key, entropy)
    await write_sample_history(url, keeper, admin_id=admin.id, until=UNTIL, amount=AMOUNT)
    async with serving_sampled(home):
        pass


@asynccontextmanager
async def serving_sampled(home: Path) -> AsyncIterator[PagesServer]:
    """The server at that moment, once everything that happened is counted."""
    async with serving(home, clock=SimulatedClock(UNTIL)) as server:

        async def counted() -> bool:
            return (await server.runtime.analytics.answer("adoption")).lag == 0

        await eventually_async(counted, what="the sample history in the numbers", within=120)
        yield server
