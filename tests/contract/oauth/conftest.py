"""One strict provider per test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.oauth import Acme, acme_at


@pytest.fixture
async def acme(store: Store, tmp_path: Path, clock: SimulatedClock) -> AsyncIterator[Acme]:
    """The provider, registered, with its client."""
    made = await acme_at(store, tmp_path, clock)
    yield made
    made.provider.close()
