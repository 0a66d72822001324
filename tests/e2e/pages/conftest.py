"""One server per test, and as many browsers and agents as it asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import Agent, PagesServer, serving


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of a test's own."""
    return tmp_path / "home"


@pytest.fixture
async def server(home: Path) -> AsyncIterator[PagesServer]:
    async with serving(home) as running:
        yield running


@pytest.fixture
async def visitor(server: PagesServer) -> AsyncIterator[Visitor]:
    made = Visitor(server.address)
    yield made
    await made.close()


@pytest.fixture
async def another(server: PagesServer) -> AsyncIterator[Visitor]:
    """A second browser."""
    made = Visitor(server.address)
    yield made
    await made.close()


@pytest.fixture
async def agent(server: PagesServer) -> AsyncIterator[Agent]:
    made = Agent(server.address)
    yield made
    await made.close()
