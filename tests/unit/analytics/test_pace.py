"""Whoever folds a backlog makes room for others in the process, and for nobody where there are none."""

from __future__ import annotations

import pytest

from authsome.analytics.projections.pace import BUSY, LARGE, LOOK, REST, SMALL, Pace


class Process:
    """Time that passes when somebody works or sleeps; `others` use so much of a processor meanwhile."""

    def __init__(self, *, others: float = 0.0) -> None:
        self.others, self.until = others, float("inf")
        self.clock = self.worked = 0.0
        self.slept: list[float] = []
        self.pace = Pace(lambda: self.worked, lambda: self.clock, self._sleep)

    async def batch(self, seconds: float = 1.0) -> list[float]:
        """How long it sleeps after a batch."""
        self.clock += seconds
        self.worked += seconds
        self.slept = []
        await self.pace.breathe()
        return self.slept

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.clock < self.until:
            self.worked += seconds * self.others
        self.clock += seconds


async def test_alone_it_pauses_for_a_moment_only() -> None:
    process = Process()
    assert [await process.batch() for _ in range(3)] == [[pytest.approx(LOOK)]] * 3


async def test_beside_others_it_rests_for_several_times_its_work() -> None:
    process = Process(others=0.6)
    for _ in range(3):
        assert sum(await process.batch(1.0)) == pytest.approx(REST, rel=0.1)


async def test_its_own_work_is_nobody_elses() -> None:
    process = Process(others=BUSY / 2)
    assert len(await process.batch(5.0)) == 1


async def test_it_goes_on_as_soon_as_the_others_are_done() -> None:
    process = Process(others=0.6)
    process.until = 1.2  # the batch ends at 1.0
    assert sum(await process.batch(1.0)) == pytest.approx(0.25, abs=0.06)
    assert len(await process.batch()) == 1


async def test_batches_are_large_only_where_nobody_waits() -> None:
    process = Process()
    assert process.pace.batch == SMALL
    await process.batch()
    assert process.pace.batch == LARGE
    process.others = 0.6
    await process.batch()
    assert process.pace.batch == SMALL
