"""One MCP server per test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.contract.oauth.by_address.place import Place, place_at


@pytest.fixture
async def place(store: Store, tmp_path: Path, clock: SimulatedClock) -> AsyncIterator[Place]:
    made = await place_at(store, tmp_path, clock)
    yield made
    made.provider.close()
