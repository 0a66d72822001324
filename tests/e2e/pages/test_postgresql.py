"""The pages on PostgreSQL, which is stricter about text and about what comes at the same time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.pages.test_agents import claimed, granted_now
from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.test_looking import PAGES
from tests.e2e.pages.visitor import Visitor
from tests.support.databases import fresh_postgres
from tests.support.pages_server import PASSWORD, Agent, PagesServer, serving

pytestmark = pytest.mark.postgres


@pytest.fixture
async def server(home: Path, postgres_server: str) -> AsyncIterator[PagesServer]:
    async with serving(home, database_url=fresh_postgres(postgres_server)) as running:
        yield running


async def test_every_page_answers_and_a_grant_is_made(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    wanted = await connected(server, ann)
    handle = await claimed(server, agent, ann)
    await visitor.sign_in()
    for path in PAGES:
        assert (await visitor.open(path)).status_code == 200, path
    await visitor.open(f"/agents/{handle}")
    await visitor.send({"connection": [wanted], "password": PASSWORD}, form="grants")
    assert (await visitor.follow()).status_code == 200
    assert await granted_now(server) == [wanted]


@pytest.mark.parametrize(
    "path",
    ["/agents/%00", "/agents?after=%00", "/principals?after=x%00", "/log-in?next=%00", "/sign-in?did=%00"],
)
async def test_a_nul_in_an_address_is_no_failure_of_ours(
    server: PagesServer, visitor: Visitor, path: str
) -> None:
    await server.admin()
    await visitor.sign_in()
    assert (await visitor.open(path)).status_code < 500
    for link in ("/set-up/%00", "/claim/%00", "/connect/%00", "/reset/%00", "/invitation/%00"):
        assert (await visitor.open(link)).status_code == 410


async def test_a_nul_in_a_form_or_cookie_is_no_failure_of_ours(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    for form, values in (
        ("invite", {"role": "a\0b"}),
        ("change", {"principal": "prn_\0", "change": "disable"}),
    ):
        await visitor.open("/principals")
        await visitor.send({**values, "password": PASSWORD}, form=form)
        assert visitor.page.status_code == 422
    answer = await visitor.client.get("/", headers={"cookie": "authsome=%00; authsome-form=%00"})
    assert answer.status_code == 303
