"""A PostHog on this machine, telling the same time as the store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from authsome.store.transactions import Store
from authsome.telemetry.consent import settle_consent
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from tests.support.log import position_all


@pytest.fixture
def posthog(clock: SimulatedClock) -> Iterator[PostHogSimulator]:
    with PostHogSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
async def consented(store: Store) -> Store:
    """A store whose operator has just opted in."""
    await settle_consent(store, sink="posthog", allowed=True)
    await position_all(store)
    return store
