"""The log of the sample history that the demo shows: real use cases, so every fact has its real form."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from authsome.kit.caller import server_caller
from authsome.principal.invite import offer_set_up
from authsome.principal.model import Principal
from authsome.principal.register import admit
from authsome.store.database import sqlite_url
from authsome.store.event_log import LoggedEvent
from authsome.store.transactions import Store
from authsome.testing.clock import SeededEntropy, SimulatedClock
from authsome.testing.sample_history import Amount, write_sample_history
from authsome.vault.installation_key import InstallationKey
from authsome.vault.seal import Keeper
from tests.support.databases import store_at

ALL = 1_000_000


def sample(*, until: datetime, amount: Amount) -> tuple[str, list[LoggedEvent]]:
    """The installation's id, and all facts in their order."""

    async def written() -> tuple[str, list[LoggedEvent]]:
        async with sampled_store(until, amount) as store:
            return store.installation_id, await store.read(lambda view: view.event_log.after(0, ALL))

    return asyncio.run(written())


@asynccontextmanager
async def sampled_store(until: datetime, amount: Amount) -> AsyncIterator[Store]:
    """Where the history stands."""
    with tempfile.TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder))
        store = await store_at(url, SimulatedClock(until))
        try:
            admin = await _first(store)
            keeper = Keeper(InstallationKey(bytes(32)), SeededEntropy(7))
            await write_sample_history(url, keeper, admin_id=admin.id, until=until, amount=amount)
            yield store
        finally:
            store.close()


async def _first(store: Store) -> Principal:
    server = server_caller(store.installation_id)
    link = await store.write(server, offer_set_up)
    assert link is not None
    return await store.write(
        server, lambda work: admit(work, link=link, email="ada@sample.invalid", hashed=None)
    )
