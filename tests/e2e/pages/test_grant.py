"""How long a grant lasts: chosen when it is given, changed on a page of its own, over by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from authsome.claim.decide import accept
from authsome.claim.register import register
from authsome.grant.create import create_grant
from authsome.grant.model import Grant
from authsome.identity.did import encode
from authsome.identity.model import Identity
from authsome.principal.model import Principal
from authsome.proxy.gate import Passage, Refusal, RunPass
from authsome.proxy.registry_gate import RegistryGate
from authsome.run.start import start_run
from authsome.testing.clock import SimulatedClock
from tests.e2e.pages.test_agents import claimed
from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, Agent, PagesServer, serving

DAY = timedelta(days=1)
SAVE = {"password": PASSWORD}


async def the_grant(server: PagesServer) -> Grant:
    (found,) = await server.runtime.store.read(lambda view: view.grants.list_live())
    return found


async def test_new_grants_last_as_long_as_is_chosen_and_the_others_stay(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    old, new = await connected(server, ann, "old"), await connected(server, ann, "new")
    handle = await claimed(server, agent, ann, old)
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}?for=45d")
    form = visitor.form("grants").values
    assert (form["connection"], form["lasting"]) == ([old], "45d"), "a link proposes a time and ticks nothing"
    await visitor.send(SAVE | {"connection": [old, new], "lasting": "7d"}, form="grants")
    await visitor.follow()
    grants = await server.runtime.store.read(lambda view: view.grants.list_live())
    lasts = {one.connection_id: one.expires_at and one.expires_at - one.created_at for one in grants}
    assert lasts == {old: None, new: 7 * DAY}
    assert "until taken away" in visitor.text


async def test_how_long_is_changed_on_its_page_with_the_password(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    handle = await claimed(server, agent, ann, await connected(server, ann))
    grant, before = await the_grant(server), len(await server.facts())
    page = f"/agents/{handle}/grants/{grant.id}"
    await visitor.sign_in()
    await visitor.open(f"{page}?for=30d")
    for shown in (handle, "OpenAI", "api.openai.com", "until taken away"):
        assert shown in visitor.text
    assert visitor.form("grant").values["lasting"] == "30d"
    for password in ("", "wrong horse battery"):
        await visitor.send({"password": password}, form="grant")
        assert (visitor.page.status_code, visitor.form("grant").values["lasting"]) == (401, "30d")
    await visitor.send(SAVE | {"lasting": "for ever and a day"}, form="grant")
    assert visitor.page.status_code == 422
    assert await the_grant(server) == grant
    await visitor.open(f"{page}?for=30d")
    await visitor.send(SAVE, form="grant")
    await visitor.follow()
    assert "It is saved how long the grant lasts" in visitor.text
    changed = await the_grant(server)
    assert changed.expires_at is not None
    assert (await server.facts())[before:][-1] == "grant_changed"
    await visitor.open(page)
    await visitor.send(SAVE | {"lasting": ""}, form="grant")
    assert (await the_grant(server)).expires_at is None


async def test_the_page_is_for_whoever_gave_it(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    ben = await server.member(ann, "ben@example.org")
    handle = await claimed(server, agent, ben, await connected(server, ben))
    page = f"/agents/{handle}/grants/{(await the_grant(server)).id}"
    await visitor.sign_in()
    assert (await visitor.open(page)).status_code == 404, "an admin looks at agents and changes no grants"
    await another.sign_in("ben@example.org")
    assert (await another.open(page)).status_code == 200
    for wrong in ("grt_nothing", "%00", "<b>", "x" * 3000):
        assert (await another.open(f"/agents/{handle}/grants/{wrong}")).status_code == 404


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
async def timed(home: Path, clock: SimulatedClock) -> AsyncIterator[PagesServer]:
    """A server whose time the test tells."""
    async with serving(home, clock=clock) as running:
        yield running


async def test_the_proxy_keeps_no_answer_beyond_the_end_and_refuses_from_then_on(
    timed: PagesServer, clock: SimulatedClock
) -> None:
    store, ann = timed.runtime.store, await timed.admin()
    connection_id = await connected(timed, ann)
    agent = await an_agent_for_a_day(timed, ann, connection_id)
    run, _token = await store.write(agent.as_caller(), lambda work: start_run(work, program="python"))
    gate, ours = RegistryGate(timed.runtime), RunPass(run.id, run)
    passage = await gate.open(ours, "api.openai.com", 443)
    assert isinstance(passage, Passage)
    assert passage.lasts is not None
    assert 86_000 < passage.lasts <= 86_400
    clock.advance(DAY)
    refused = await gate.open(ours, "api.openai.com", 443)
    assert isinstance(refused, Refusal)
    assert (refused.code, "authsome access request openai" in refused.hint) == ("grant_expired", True)
    assert (await timed.facts())[-1] == "request_denied"
    await gate.drain()


async def test_a_grant_that_has_run_out_is_shown_as_such_and_left_alone(
    timed: PagesServer, clock: SimulatedClock
) -> None:
    ann = await timed.admin()
    agent = await an_agent_for_a_day(timed, ann, await connected(timed, ann))
    clock.advance(2 * DAY)
    visitor = Visitor(timed.address)
    await visitor.sign_in()
    await visitor.open(f"/agents/{agent.handle}")
    assert "ran out" in visitor.text
    assert "connection" not in visitor.form("grants").values
    before = len(await timed.facts())
    await visitor.send(SAVE | {"lasting": "1d"}, form="grants")
    await visitor.follow()
    assert len(await timed.facts()) == before, "unticked it was already"
    await visitor.open(f"/agents/{agent.handle}/grants/{(await the_grant(timed)).id}")
    await visitor.send(SAVE | {"decision": "remove"}, form="grant")
    await visitor.follow()
    assert "ran out" not in visitor.text
    assert (await timed.facts())[-1] == "grant_removed"
    await visitor.close()


async def an_agent_for_a_day(server: PagesServer, ann: Principal, connection_id: str) -> Identity:
    """Claimed by the use cases, since a signature has the machine's own time in it."""
    store, by = server.runtime.store, server.confirmed(ann)
    did = encode(b"\x01" * 32)
    asked = await store.write(
        server.runtime.server, lambda work: register(work, did=did, label=None, address_key="here")
    )
    code = asked.code.reveal()
    agent = await store.write(by, lambda work: accept(work, token=asked.token, code=code, connection_ids=[]))
    await store.write(
        by,
        lambda work: create_grant(work, identity=agent, connection_id=connection_id, lasting=DAY),
    )
    return agent
