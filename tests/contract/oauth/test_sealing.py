"""What a provider gave is sealed, though the database is away for a moment just then: it gives it once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

import pytest

from authsome.auth_session.come_back import Answer, come_back
from authsome.auth_session.depart import depart
from authsome.auth_session.errors import AnswerForeign
from authsome.auth_session.model import AuthSessionState
from authsome.auth_session.start import start
from authsome.connection.oauth.renew import Renewer
from authsome.kit.caller import Caller, server_caller
from authsome.kit.secret import Secret
from authsome.runtime.oauth.authorization import authorization_url
from authsome.runtime.oauth.turns import CountedTurns
from authsome.store.database import DatabaseUnreachable
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.store.view import View
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import KEEPER
from tests.contract.oauth.devices import ask, offering, once
from tests.support.log import all_events
from tests.support.oauth import CALLBACK, Acme

T = TypeVar("T")


@dataclass
class Away:
    """The store, whose database is away for so many writes once the provider has been asked.

    With `stands` it goes away after the commit: that stands, and nobody hears of it.
    """

    acme: Acme
    times: int
    stands: bool = False

    async def write(self, caller: Caller, body: Callable[[UnitOfWork], T]) -> T:
        if self.acme.provider.asked and self.times:
            self.times -= 1
            if self.stands:
                await self.acme.store.write(caller, body)
            raise DatabaseUnreachable
        return await self.acme.store.write(caller, body)

    async def read(self, body: Callable[[View], T]) -> T:
        return await self.acme.store.read(body)


class AwayTurns(CountedTurns):
    """Whose database is away when it is to be noted that the token leaves."""

    async def note_asked(self, connection_id: str, holder: str, version: int) -> bool:
        raise DatabaseUnreachable


@pytest.fixture
async def acme(store: Store, tmp_path: Path, clock: SimulatedClock) -> AsyncIterator[Acme]:
    made = await offering(store, tmp_path, clock)
    yield made
    made.provider.close()


async def ends_of(acme: Acme) -> list[str]:
    return [one.name for one in await all_events(acme.store)][-2:]


@pytest.mark.parametrize("stands", [False, True])
async def test_what_a_device_code_brought(acme: Acme, stands: bool) -> None:
    waiting = await ask(acme)
    acme.provider.server.devices.decide(waiting.user_code or "")
    done = await once(acme, waiting, store=Away(acme, times=1, stands=stands))
    assert done.state is AuthSessionState.COMPLETED
    assert await ends_of(acme) == ["connection_created", "auth_session_completed"]
    assert acme.provider.server.requests == ["granted"]


@pytest.mark.parametrize("stands", [False, True])
async def test_what_a_persons_code_brought(acme: Acme, stands: bool) -> None:
    caller, key = replace(acme.ann.caller, session_id="ses_1"), acme.parts().key

    def leave(work: UnitOfWork) -> str:
        _, token = start(work, provider="acme", name="default")
        return authorization_url(depart(work, key, token=token), redirect_uri=CALLBACK)

    away = await acme.store.write(caller, leave)
    back = acme.provider.server.authorize(dict(parse_qsl(urlsplit(away).query)))
    said = dict(parse_qsl(urlsplit(back).query))
    answer = Answer(state=Secret(said["state"]), code=Secret(said["code"]), issuer=said["iss"])
    parts = replace(acme.parts(), store=Away(acme, times=1, stands=stands))
    done = await come_back(parts, caller=caller, answer=answer)
    assert done.state is AuthSessionState.COMPLETED
    assert await ends_of(acme) == ["connection_created", "auth_session_completed"]
    with pytest.raises(AnswerForeign):
        await come_back(parts, caller=caller, answer=answer)


@pytest.mark.parametrize("stands", [False, True])
async def test_what_a_refresh_token_brought(acme: Acme, stands: bool) -> None:
    connection = await acme.connect()
    renewer = renewer_of(acme, CountedTurns(acme.store), Away(acme, times=1, stands=stands))
    renewed = await renewer.renew(connection_id=connection.id, version=1)
    assert renewed.version == 2
    assert acme.provider.server.requests == ["granted"]


async def test_a_token_stays_where_it_cannot_be_noted_that_it_leaves_and_the_reason_is_said(
    acme: Acme, clock: SimulatedClock
) -> None:
    connection = await acme.connect()
    renewer = renewer_of(acme, AwayTurns(acme.store), acme.store)
    with pytest.raises(DatabaseUnreachable):
        await renewer.renew(connection_id=connection.id, version=1)
    assert acme.provider.server.requests == []
    assert (await acme.look(connection)).version == 1


def renewer_of(acme: Acme, turns: CountedTurns, store: Away | Store) -> Renewer:
    return Renewer(
        store,
        KEEPER,
        turns=turns,
        endpoint=acme.parts().endpoint,
        clock=acme.clock,
        entropy=acme.store.entropy,
        server=server_caller(acme.store.installation_id),
    )
