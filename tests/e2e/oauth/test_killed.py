"""A server is killed while it gets a session's tokens: the session ends in one clear way, whoever goes on.

What the provider had answered to the dead process is lost with it where it was not sealed. Its codes work
once, so whoever asks again is refused, and the person is told to begin again. Never is a session completed
without a connection, or a connection there without its session.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from authsome.auth_session.come_back import Answer, come_back
from authsome.auth_session.depart import depart
from authsome.auth_session.errors import AnswerForeign
from authsome.auth_session.model import FAILED_WORDS, AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.start import start
from authsome.connection.model import ConnectionState
from authsome.kit.clock import SystemClock
from authsome.kit.ids import Ids, SystemEntropy
from authsome.kit.secret import Secret
from authsome.runtime.oauth.authorization import authorization_url
from authsome.store.database import Database
from authsome.store.open import open_store
from tests.contract.oauth.devices import ask, begin, look, offering
from tests.e2e.oauth.dying import BROWSER
from tests.support.log import all_events
from tests.support.oauth import CALLBACK, Acme

ROOT = Path(__file__).resolve().parents[3]
LOST = ["failed", "code_refused"]
MADE = ["completed", None]


@dataclass
class House:
    """The provider, at the database that the processes share. Real time, for they are real."""

    acme: Acme
    database_url: str

    def process(self, *about: str, seam: str = "") -> Any:
        """How the session ended as a server's process saw it; None where that was killed."""
        roots = str(self.acme.provider.ca_file)
        command = [sys.executable, "-m", "tests.e2e.oauth.dying", self.database_url, roots, seam, *about]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == (-9 if seam else 0), done.stderr
        return None if seam else json.loads(done.stdout)

    async def connections(self) -> list[str]:
        made = await self.acme.store.read(lambda view: view.connections.list())
        assert all(one.state is ConnectionState.CONNECTED for one in made)
        return [one.id for one in made]

    async def check_whole(self, session_id: str) -> AuthSession:
        """Rows and facts say the same, and nothing that it waited with is left."""
        session = await self.acme.store.read(lambda view: view.auth_sessions.find(session_id))
        assert session is not None
        assert (session.sealed, session.user_code, session.state_hash) == (None, None, None)
        facts = await all_events(self.acme.store)
        told = [one.name for one in facts if one.fields.get("auth_session_id") == session_id]
        assert told == ["auth_session_started", f"auth_session_{session.state.value}"]
        assert await self.connections() == ([session.connection_id] if session.connection_id else [])
        return session


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    clock, entropy = SystemClock(), SystemEntropy()
    store = await open_store(Database(database_url), clock=clock, ids=Ids(clock, entropy), entropy=entropy)
    acme = await offering(store, tmp_path, clock)
    acme.provider.server.devices.interval = timedelta(seconds=1)
    yield House(acme, database_url)
    acme.provider.close()
    store.close()


@pytest.mark.parametrize(
    ("seam", "requests", "end"),
    [
        ("taken", ["granted"], MADE),
        ("sent", ["granted", "invalid_grant"], LOST),
        ("answered", ["granted", "invalid_grant"], LOST),
        ("sealed", ["granted"], MADE),
    ],
)
async def test_killed_while_it_asks_about_a_device_code(
    house: House, seam: str, requests: list[str], end: list[str | None]
) -> None:
    provider, waiting = house.acme.provider, await ask(house.acme)
    provider.server.devices.decide(waiting.user_code or "")
    provider.answers_after = 1.0 if seam == "sent" else 0.0
    house.process("poll", waiting.id, seam=seam)
    if seam != "sealed":
        assert (await look(house.acme, waiting)).state is AuthSessionState.WAITING, "it says that it waits"
        assert await house.connections() == []
    assert house.process("poll", waiting.id) == end
    assert provider.server.requests == requests
    await house.check_whole(waiting.id)


async def test_killed_while_nobody_has_decided_it_goes_on(house: House) -> None:
    devices, waiting = house.acme.provider.server.devices, await ask(house.acme)
    house.process("poll", waiting.id, seam="pending")
    devices.decide(waiting.user_code or "")
    assert house.process("poll", waiting.id) == MADE
    assert devices.asked_too_early == 0
    await house.check_whole(waiting.id)


async def test_what_was_lost_is_had_by_beginning_again(house: House) -> None:
    devices, lost = house.acme.provider.server.devices, await ask(house.acme)
    devices.decide(lost.user_code or "")
    house.process("poll", lost.id, seam="answered")
    assert house.process("poll", lost.id) == LOST
    happened, next_step = FAILED_WORDS[FailureReason.CODE_REFUSED]
    assert ("used already" in happened, next_step) == (True, "begin again")
    again = await ask(house.acme, await begin(house.acme))
    devices.decide(again.user_code or "")
    assert house.process("poll", again.id) == MADE
    await house.check_whole(again.id)


async def leave(acme: Acme, token: Secret) -> list[str]:
    """The person goes to the provider's page and agrees: state, code and issuer of its answer."""
    caller = replace(acme.ann.caller, session_id=BROWSER)
    away = await acme.store.write(
        caller,
        lambda work: authorization_url(depart(work, acme.parts().key, token=token), redirect_uri=CALLBACK),
    )
    back = acme.provider.server.authorize(dict(parse_qsl(urlsplit(away).query)))
    answer = dict(parse_qsl(urlsplit(back).query))
    return [answer["state"], answer["code"], answer["iss"]]


@pytest.mark.parametrize("seam", ["sent", "answered"])
async def test_killed_with_a_persons_code_they_can_go_again_by_the_same_link(house: House, seam: str) -> None:
    acme = house.acme
    session, token = await acme.store.write(
        acme.ann.caller, lambda work: start(work, provider="acme", name="default")
    )
    state, code, issuer = await leave(acme, token)
    acme.provider.answers_after = 1.0 if seam == "sent" else 0.0
    house.process("come_back", acme.ann.id, state, code, issuer, seam=seam)
    between = await look(acme, session)
    assert (between.state, between.state_hash) == (AuthSessionState.PENDING, None)
    assert await house.connections() == []
    # The browser sends the same answer again, as when a page is loaded anew: its code leaves no second time.
    caller = replace(acme.ann.caller, session_id=BROWSER)
    with pytest.raises(AnswerForeign, match="used before"):
        await come_back(
            acme.parts(), caller=caller, answer=Answer(state=Secret(state), code=Secret(code), issuer=issuer)
        )
    assert "start again with `authsome login`" in AnswerForeign.hint
    assert acme.provider.server.requests == ["granted"]
    assert house.process("come_back", acme.ann.id, *await leave(acme, token)) == MADE
    await house.check_whole(session.id)


async def test_killed_when_all_is_sealed_nothing_is_missing(house: House) -> None:
    acme = house.acme
    session, token = await acme.store.write(
        acme.ann.caller, lambda work: start(work, provider="acme", name="default")
    )
    house.process("come_back", acme.ann.id, *await leave(acme, token), seam="sealed")
    assert (await house.check_whole(session.id)).state is AuthSessionState.COMPLETED
