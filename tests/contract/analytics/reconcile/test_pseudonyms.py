"""Where facts leave under keyed pseudonyms, they are compared under these, and found as well as any."""

from __future__ import annotations

from datetime import timedelta

from authsome.store.transactions import Store
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from authsome.vault.installation_key import InstallationKey
from tests.support.compared import Compared, changed_where, lines

NAME = "identity_claimed"


async def test_what_left_under_pseudonyms_agrees_and_a_wrong_day_is_found(
    store: Store, clock: SimulatedClock, posthog: PostHogSimulator
) -> None:
    house = Compared(store, clock, posthog, key=PseudonymKey(InstallationKey(b"k" * 32)))
    await house.begin()
    assert lines(await house.compare()) == {}
    intact = posthog.taken
    moved = next(event for event in intact if event.name == NAME)
    earlier = moved.timestamp - timedelta(days=3)
    posthog.plant(changed_where(moved.uuid, timestamp=earlier))
    assert lines(await house.compare()) == {("posthog", "altered", NAME): 1}
    posthog.plant(lambda _taken: [event for event in intact if event.uuid != moved.uuid])
    assert lines(await house.compare()) == {("posthog", "lost", NAME): 1}
    await house.mend()
    await house.settle()
    assert lines(await house.compare()) == {}
