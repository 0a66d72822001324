"""A real server for those who mean it no good."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.api.asking import ask
from tests.support.server import RealServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    with RealServer(
        tmp_path_factory.mktemp("hostile"), AUTHSOME_PENDING_PER_ADDRESS="500", AUTHSOME_PENDING_IN_ALL="500"
    ) as running:
        yield running


@pytest.fixture
def facts(server: RealServer) -> Iterator[None]:
    """Nothing is recorded while the block runs: a refusal changes nothing."""
    before = ask(server, "GET", "/health").document["log_position"]
    yield
    assert ask(server, "GET", "/health").document["log_position"] == before
