"""A server process that has many requests waiting for one spent token; run by `test_single_flight.py`.

It says `ready`, waits for a line, asks a hundred times at once and prints what each was told. With a seam it
kills itself there, as `kill -9` would, with the turn in its hands.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from authsome.connection.find import open_secret
from authsome.connection.model import Connection
from authsome.connection.oauth.endpoint import Granted, NotGranted, TokenRequest, Withheld
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.renew import Renewer
from authsome.connection.oauth.turns import Busy, Resting, Taken
from authsome.kit.caller import server_caller
from authsome.kit.clock import SystemClock
from authsome.kit.errors import AuthsomeError
from authsome.kit.ids import Ids, SystemEntropy
from authsome.runtime.oauth.endpoint import HttpTokenEndpoint
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.oauth.renewals import Renewals
from authsome.runtime.oauth.turns import CountedTurns
from authsome.store.database import Database
from authsome.store.open import open_store
from authsome.store.transactions import Store
from tests.contract.nouns.people import KEEPER

CALLERS = 100
LEAD_SECONDS = 0.7  # so that all others wait when it dies


@dataclass
class Seam:
    """Where to die, if anywhere."""

    at: str

    def die_here(self, name: str) -> None:
        if self.at == name:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingTurns(CountedTurns):
    """Dies when the turn is taken, when the asking is noted, or when all is sealed and the turn goes back."""

    def __init__(self, store: Store, seam: Seam) -> None:
        super().__init__(store, lasts=timedelta(seconds=2))
        self._seam = seam

    async def take(self, connection_id: str, holder: str) -> Taken | Busy | Resting:
        turn = await super().take(connection_id, holder)
        if isinstance(turn, Taken) and self._seam.at:
            print("taken", flush=True)
            await asyncio.sleep(LEAD_SECONDS)
            self._seam.die_here("taken")
        return turn

    async def note_asked(self, connection_id: str, holder: str, version: int) -> bool:
        noted = await super().note_asked(connection_id, holder, version)
        self._seam.die_here("noted")
        return noted

    async def rest(
        self, connection_id: str, holder: str, *, because: RefreshFailure, until: datetime
    ) -> None:
        await super().rest(connection_id, holder, because=because, until=until)

    async def drop(self, connection_id: str, holder: str) -> None:
        self._seam.die_here("sealed")
        await super().drop(connection_id, holder)


class DyingEndpoint(HttpTokenEndpoint):
    """Dies when the question is on its way, or with the answer in its hands."""

    def __init__(self, roots: Path, seam: Seam) -> None:
        super().__init__(SystemClock(), Outside(extra_roots=roots))
        self._seam = seam

    async def ask(
        self, request: TokenRequest, *, before_sending: Callable[[], Awaitable[bool]]
    ) -> Granted | NotGranted | Withheld:
        if self._seam.at == "sent":  # the provider takes longer than this to answer
            asyncio.get_running_loop().call_later(0.5, self._seam.die_here, "sent")
        answer = await super().ask(request, before_sending=before_sending)
        self._seam.die_here("answered")
        return answer


async def main(database_url: str, roots: str, connection_id: str, at: str) -> None:
    clock, entropy, seam = SystemClock(), SystemEntropy(), Seam(at)
    store = await open_store(Database(database_url), clock=clock, ids=Ids(clock, entropy), entropy=entropy)
    renewer = Renewer(
        store,
        KEEPER,
        turns=DyingTurns(store, seam),
        endpoint=DyingEndpoint(Path(roots), seam),
        clock=clock,
        entropy=entropy,
        server=server_caller(store.installation_id),
    )
    renewals = Renewals(renewer, clock, patience=30.0)
    connection = await store.read(lambda view: view.connections.find(connection_id))
    assert connection is not None
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    told = await asyncio.gather(*(tell(store, renewals, connection) for _ in range(CALLERS)))
    print(json.dumps(Counter(told)), flush=True)
    store.close()


async def tell(store: Store, renewals: Renewals, connection: Connection) -> str:
    """The token that a request would carry, or the code of what its sender is told."""
    try:
        renewed = await renewals.fresh(connection)
    except AuthsomeError as error:
        return error.code
    secret: Any = await store.read(lambda view: open_secret(view, KEEPER, connection=renewed))
    return str(secret.reveal())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
