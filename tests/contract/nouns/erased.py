"""Somebody with everything that can be erased, and what must be left of them."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from authsome.erasure.erase_principal import erase_principal
from authsome.erasure.model import Erasure
from authsome.kit.caller import Caller
from authsome.run.events import RunStarted
from authsome.store import tables
from authsome.store.transactions import Store
from tests.contract.nouns.people import KEEPER
from tests.contract.nouns.test_release import DID, Busy, busy
from tests.support.history import log

WORDS = ("ann@example.org", DID, "Ann's laptop", "python")  # what nobody may find any more


async def erase(store: Store, caller: Caller, principal_id: str) -> Erasure:
    return await store.write(caller, lambda work: erase_principal(work, KEEPER, principal_id=principal_id))


async def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of registry and log, by table."""

    def look(connection: Connection) -> dict[str, list[dict[str, Any]]]:
        with connection.begin():
            return {
                table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for table in (*tables.REGISTRY, *tables.LOG)
            }

    return await store.database.reader.run(look)


async def found(store: Store, word: str, *, but: frozenset[str] = frozenset({"event_log"})) -> list[str]:
    """The tables in which the word is, apart from the log itself, whose fields are ids."""
    rows = await everything(store)
    return [
        name
        for name, listed in rows.items()
        if name not in but and any(word in json.dumps(row, default=repr) for row in listed)
    ]


async def many_runs(store: Store, what: Busy, number: int) -> None:
    """Facts with a `Local` value each, as if the agent had run so often."""
    fields = {"identity_handle": what.agent.handle, "did": DID, "principal_id": what.ann.id}
    now = store.clock.now()
    runs = [RunStarted(run_id=f"run_{n}", program="python", **fields) for n in range(number)]
    await log(store, *((now, run) for run in runs))


__all__ = ["DID", "WORDS", "Busy", "busy", "erase", "everything", "found", "many_runs"]
