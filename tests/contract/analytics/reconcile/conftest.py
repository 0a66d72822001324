"""A house that has lived, with a PostHog that tells the same time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from tests.support.compared import Compared


@pytest.fixture
def posthog(clock: SimulatedClock) -> Iterator[PostHogSimulator]:
    with PostHogSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
async def house(store: Store, clock: SimulatedClock, posthog: PostHogSimulator) -> Compared:
    compared = Compared(store, clock, posthog)
    await compared.begin()
    return compared
