"""A provider that gives codes, and the steps of a session that waits for one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from authsome.auth_session.model import AuthSession
from authsome.auth_session.oauth.poll import poll
from authsome.auth_session.oauth.show_code import show_code
from authsome.auth_session.start import start
from authsome.connection.model import Flow
from authsome.kit.caller import Caller, server_caller
from authsome.kit.clock import Clock
from authsome.runtime.oauth.device.polls import CountedPollTurns
from authsome.store.tables import registry
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from tests.support.oauth import Acme, acme_at


async def offering(store: Store, folder: Path, clock: Clock) -> Acme:
    made = await acme_at(store, folder, clock)
    definition = made.provider.definition()
    definition["oauth"]["device_authorization_url"] = f"{made.provider.url}/device_authorization"

    def change(work: UnitOfWork) -> None:
        work.connection.execute(registry.provider.update().values(definition=definition))

    await store.write(made.ann.caller, change)
    return made


async def begin(acme: Acme, caller: Caller | None = None, *, name: str = "default") -> AuthSession:
    session, _ = await acme.store.write(
        caller or acme.ann.caller,
        lambda work: start(work, provider="acme", name=name, flow=Flow.DEVICE_CODE),
    )
    return session


async def ask(acme: Acme, session: AuthSession | None = None) -> AuthSession:
    session = session or await begin(acme)
    return await show_code(acme.parts(), caller=acme.ann.caller, session=session)


async def look(acme: Acme, session: AuthSession) -> AuthSession:
    found = await acme.store.read(lambda view: view.auth_sessions.find(session.id))
    assert found is not None
    return found


async def once(acme: Acme, session: AuthSession, **parts: Any) -> AuthSession:
    """What one server does that has its look."""
    asking = replace(acme.parts(), **parts)
    server = server_caller(acme.store.installation_id)
    await poll(asking, CountedPollTurns(acme.store), session_id=session.id, server=server)
    return await look(acme, session)
