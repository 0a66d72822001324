"""What retention has deleted is accounted for: it is no difference, and is not written a second time."""

from __future__ import annotations

from datetime import timedelta

from authsome.analytics.reconcile.difference import Layer
from authsome.analytics.reconcile.restore import restore_missing
from authsome.analytics.retain import retain
from tests.support.compared import ZONE, Compared, lines, tick


async def test_retention_is_no_difference_and_nothing_is_counted_twice(house: Compared) -> None:
    before = len(await house.facts())
    house.clock.advance(timedelta(days=2))
    deleted = await retain(house.store, keep_audit=timedelta(days=2, hours=12), time_zone=ZONE)
    assert 0 < deleted < before
    report = await house.compare()
    assert lines(report) == {}
    assert report.sections[Layer.REGISTRY].apart > 0
    assert await restore_missing(house.store, since=None, time_zone=ZONE, tick=tick) == 0


async def test_a_row_that_lacks_its_fact_is_found_beside_what_was_deleted(house: Compared) -> None:
    house.clock.advance(timedelta(days=2))
    await retain(house.store, keep_audit=timedelta(days=2, hours=12), time_zone=ZONE)
    await house.add_session(await house.principal_id())
    assert lines(await house.compare()) == {("registry", "missing", "principal_logged_in"): 1}
    assert (await house.mend()).written == 1
    await house.settle()
    assert lines(await house.compare()) == {}
