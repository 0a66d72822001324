"""A hundred thousand facts wait for a host that hangs: the log holds them, and no memory does."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from authsome.kit.caller import server_caller
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.store.database import sqlite_url
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SimulatedClock
from tests.support import rude
from tests.support.databases import store_at
from tests.support.server import RealServer
from tests.support.waiting import eventually

FACTS, AT_ONCE = 100_000, 2_000
WATCHED_SECONDS = 20  # one request times out in between, and another one begins
ROOM = 16 * 1024 * 1024


async def write_facts(home: Path) -> None:
    store = await store_at(sqlite_url(home / "server"), SimulatedClock())
    caller = server_caller(store.installation_id)

    def write(work: UnitOfWork, first: int) -> None:
        for n in range(first, first + AT_ONCE):
            work.record(
                PrincipalLoggedIn(
                    principal_id=f"prn_{n % 500}", session_id=f"ses_{n}", kind=SessionKind.BROWSER
                )
            )

    for first in range(0, FACTS, AT_ONCE):
        await store.write(caller, lambda work, first=first: write(work, first))  # type: ignore[misc]
    store.close()


def resident(pid: int) -> int:
    """Bytes of the process that are in memory (proc(5), statm)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def test_facts_that_wait_take_no_memory(tmp_path: Path) -> None:
    with rude.rude_host(rude.dripping_body) as host:
        settings = rude.opted_in(f"http://127.0.0.1:{host.port}")
        with RealServer(tmp_path / "home", **settings):
            pass  # from here on facts may leave
        asyncio.run(write_facts(tmp_path / "home"))
        with RealServer(tmp_path / "home", **settings) as server:
            eventually(lambda: host.guests > 1, within=30, what="a try to send")
            eventually(lambda: rolled_up(server), within=60, what="the rollups")
            seen = []
            for _ in range(WATCHED_SECONDS):
                seen.append(resident(server.file.pid))
                time.sleep(1)
    assert max(seen) - seen[0] < ROOM, seen


def rolled_up(server: RealServer) -> bool:
    """Whether the other reader of the log, the one behind the pages, is through."""
    with closing(sqlite3.connect(f"file:{server.home}/server/ledger.db?mode=ro", uri=True)) as ledger:
        found = ledger.execute("SELECT position FROM cursor WHERE reader = 'analytics'").fetchone()
    return bool(found) and found[0] >= FACTS
