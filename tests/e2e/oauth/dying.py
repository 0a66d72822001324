"""A server process that asks a provider for a session's tokens; run by `test_killed.py`.

`poll` asks about a device code until its session has ended, and prints how. `come_back` uses an answer of the
provider's page. With a seam the process kills itself there, as `kill -9` would.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from authsome.auth_session.come_back import Answer, come_back
from authsome.auth_session.model import OPEN, AuthSession
from authsome.auth_session.oauth.finish import Parts
from authsome.auth_session.oauth.poll import poll
from authsome.connection.oauth.endpoint import DeviceAnswer, Granted, NotGranted, TokenRequest, Withheld
from authsome.kit.caller import server_caller
from authsome.kit.clock import SystemClock
from authsome.kit.ids import Ids, SystemEntropy
from authsome.kit.secret import Secret
from authsome.runtime.oauth.asking import Asking
from authsome.runtime.oauth.device.endpoint import HttpDeviceEndpoint
from authsome.runtime.oauth.device.polls import CountedPollTurns
from authsome.runtime.oauth.endpoint import HttpTokenEndpoint
from authsome.runtime.oauth.outside import Outside
from authsome.store.database import Database
from authsome.store.open import open_store
from authsome.store.transactions import Store
from authsome.vault.installation_key import InstallationKey
from tests.contract.nouns.people import KEEPER

LASTS = timedelta(seconds=2)  # so long a dead process's turn is nobody's
BROWSER = "ses_1"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingTurns(CountedPollTurns):
    """Dies with the turn in its hands, or when all is sealed and the turn goes back."""

    def __init__(self, store: Store, seam: str) -> None:
        super().__init__(store, lasts=LASTS)
        self._seam = seam

    async def take(self, session_id: str, holder: str) -> bool:
        taken = await super().take(session_id, holder)
        if taken and self._seam == "taken":
            die()
        return taken

    async def drop(self, session_id: str) -> None:
        if self._seam == "sealed":
            die()
        await super().drop(session_id)


class DyingEndpoint(HttpTokenEndpoint):
    """Dies while the question is on its way, or with the answer in its hands."""

    def __init__(self, roots: Path, seam: str) -> None:
        super().__init__(SystemClock(), Outside(extra_roots=roots))
        self._seam = seam

    async def ask(
        self, request: TokenRequest, *, before_sending: Callable[[], Awaitable[bool]]
    ) -> Granted | NotGranted | Withheld:
        if self._seam == "sent":  # the provider takes longer than this to answer
            asyncio.get_running_loop().call_later(0.5, die)
        answer = await super().ask(request, before_sending=before_sending)
        is_pending = isinstance(answer, NotGranted) and answer.said is DeviceAnswer.PENDING
        if self._seam == ("pending" if is_pending else "answered"):
            die()
        return answer


async def polled(parts: Parts, store: Store, seam: str, session_id: str) -> AuthSession:
    turns, server = DyingTurns(store, seam), server_caller(store.installation_id)
    while True:
        await poll(parts, turns, session_id=session_id, server=server)
        session = await store.read(lambda view: view.auth_sessions.find(session_id))
        assert session is not None
        if session.state not in OPEN:
            return session
        await asyncio.sleep(0.1)


async def came_back(parts: Parts, store: Store, principal_id: str, *answer: str) -> AuthSession:
    principal = await store.read(lambda view: view.principals.find(principal_id))
    assert principal is not None
    state, code, issuer = answer
    return await come_back(
        parts,
        caller=replace(principal.as_caller(), session_id=BROWSER),
        answer=Answer(state=Secret(state), code=Secret(code), issuer=issuer),
    )


async def main(database_url: str, roots: str, seam: str, act: str, *about: str) -> None:
    clock, entropy = SystemClock(), SystemEntropy()
    store = await open_store(Database(database_url), clock=clock, ids=Ids(clock, entropy), entropy=entropy)
    parts = Parts(
        store=store,
        keeper=KEEPER,
        endpoint=DyingEndpoint(Path(roots), seam),
        devices=HttpDeviceEndpoint(Asking(Outside(extra_roots=Path(roots)))),
        key=InstallationKey(b"k" * 32),
        clock=clock,
        entropy=entropy,
        base_url="http://localhost:7998",
    )
    ended = await (polled(parts, store, seam, *about) if act == "poll" else came_back(parts, store, *about))
    if seam == "sealed":
        die()
    print(json.dumps([ended.state.value, ended.reason]), flush=True)
    store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
