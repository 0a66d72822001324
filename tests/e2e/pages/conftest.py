"""One server per test, and as many browsers and agents as it asks for."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import Agent, PagesServer, new_home, serving


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    """A home of a test's own."""
    return shutil.copytree(made_home, tmp_path / "home", copy_function=shutil.copy2)


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
