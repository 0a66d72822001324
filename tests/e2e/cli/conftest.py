"""A server, a provider, and Ada, signed in, with one agent that may use one connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cli.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A running server with nobody in it."""
    made = House(tmp_path)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ada is set up and signed in, a provider is connected, and the home's agent may use it."""
    made = House(tmp_path_factory.mktemp("settled"))
    made.start()
    made.set_up()
    made.sign_in()
    made.onboard(made.connect())
    yield made
    made.close()
