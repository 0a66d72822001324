"""What left under keyed pseudonyms is compared as it left."""

from __future__ import annotations

from authsome.store.transactions import Store
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from authsome.vault.installation_key import InstallationKey
from tests.support.compared import Compared, lines

KEY = PseudonymKey(InstallationKey(bytes(range(32))))


async def test_a_house_that_sends_pseudonyms_agrees_with_itself(
    store: Store, clock: SimulatedClock, posthog: PostHogSimulator
) -> None:
    house = Compared(store, clock, posthog, key=KEY)
    await house.begin()
    report = await house.compare()
    assert lines(report) == {}
    assert all(section.compared > 50 for section in report.sections.values())
    assert not posthog.holding(f'"{await house.principal_id()}"')
