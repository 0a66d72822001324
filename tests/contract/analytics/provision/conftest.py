"""A PostHog on this machine, and an operator before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from tests.contract.analytics.provision.operator import Operator


@pytest.fixture
def posthog(clock: SimulatedClock) -> Iterator[PostHogSimulator]:
    with PostHogSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
def operator(posthog: PostHogSimulator, clock: SimulatedClock) -> Iterator[Operator]:
    someone = Operator(posthog, clock)
    yield someone
    someone.client.close()
