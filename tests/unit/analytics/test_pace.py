"""Whoever folds a backlog makes room for others in the process, and for nobody where there are none."""

from __future__ import annotations

import pytest

from authsome.analytics.projections.pace import LARGE, REST, SMALL, Pace


class Meter:
    """Processor time and the clock, moved by hand."""

    def __init__(self) -> None:
        self.worked = self.clock = 0.0
        self.pace = Pace(lambda: self.worked, lambda: self.clock)

    def batch(self, own: float, *, others: float = 0.0, waited: float = 0.0) -> float:
        self.pace.note(own)
        self.worked += own + others
        self.clock += own + others + waited
        return self.pace.rest()


def test_alone_it_does_not_rest() -> None:
    meter = Meter()
    assert [meter.batch(0.05, others=0.001) for _ in range(3)] == [0.0, 0.0, 0.0]


def test_beside_others_it_rests_for_several_times_its_work() -> None:
    assert Meter().batch(0.05, others=0.02) == pytest.approx(0.05 * REST)


def test_it_goes_on_at_once_when_the_others_are_done() -> None:
    meter = Meter()
    assert meter.batch(0.05, others=0.02) > 0
    assert meter.batch(0.05, others=0.0, waited=0.4) == 0.0


def test_batches_are_large_only_where_nobody_waits() -> None:
    meter = Meter()
    assert meter.pace.batch == SMALL
    meter.batch(0.05)
    assert meter.pace.batch == LARGE
    meter.batch(0.05, others=0.02)
    assert meter.pace.batch == SMALL


def test_others_who_work_while_it_rests_are_seen_too() -> None:
    meter = Meter()
    assert meter.batch(0.05, others=0.2, waited=0.2) > 0


def test_what_others_did_before_it_began_does_not_count() -> None:
    meter = Meter()
    meter.worked = meter.clock = 5.0
    meter.pace.begin()
    assert meter.batch(0.05) == 0.0


def test_a_little_of_others_work_is_not_in_its_way() -> None:
    assert Meter().batch(0.05, others=0.02, waited=1.0) == 0.0
