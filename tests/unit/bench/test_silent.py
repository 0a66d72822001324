"""The baseline differs from the product in the log and in nothing else."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, func, select

from authsome.claim.register import register
from authsome.identity.did import encode
from authsome.kit.caller import server_caller
from authsome.store.tables.log import event_local, event_log
from authsome.store.tables.registry import claim, identity
from authsome.testing.clock import SimulatedClock
from bench.silent import silent_appender
from tests.support.databases import fresh_sqlite, store_at

TABLES = (identity, claim, event_log, event_local)


def counts(connection: Connection) -> list[int]:
    return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]


async def test_a_silent_store_writes_rows_and_no_facts(tmp_path: Path) -> None:
    store = await store_at(fresh_sqlite(tmp_path), SimulatedClock())
    caller = server_caller(store.installation_id)
    seen = []
    for appender in (store.appender, silent_appender(store)):
        store.appender = appender
        before = await store.read(lambda view: counts(view.connection))
        did = encode(os.urandom(32))
        await store.write(caller, partial(register, did=did, label="a", address_key="here"))
        after = await store.read(lambda view: counts(view.connection))
        seen.append([new - old for old, new in zip(before, after, strict=True)])
    store.close()
    assert seen == [[1, 1, 1, 1], [1, 1, 0, 0]]
