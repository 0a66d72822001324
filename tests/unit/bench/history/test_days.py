"""A history has as many facts as it is asked for, in order, and is of the shape that it says."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime

import pytest

from authsome.connection.events import CredentialsUsed
from authsome.identity.events import IdentityRegistered
from authsome.kit.clock import from_micros
from authsome.principal.events import PrincipalRegistered
from bench.history.days import days
from bench.history.fact import Fact
from bench.history.plan import Plan

UNTIL = datetime(2026, 3, 1, 15, tzinfo=UTC)
MANY = 60_000


@pytest.fixture(scope="module")
def facts() -> list[Fact]:
    return all_of(Plan(events=MANY, until=UNTIL))


def all_of(plan: Plan) -> list[Fact]:
    return [fact for day in days(plan) for fact in day]


@pytest.mark.parametrize("count", [1_000, 10_000, 25_001])
def test_it_has_so_many_facts_and_no_other(count: int) -> None:
    assert len(all_of(Plan(events=count, until=UNTIL))) == count


def test_the_same_plan_is_the_same_history(facts: list[Fact]) -> None:
    assert all_of(Plan(events=MANY, until=UNTIL)) == facts


def test_it_ends_before_now_and_goes_back_a_year(facts: list[Fact]) -> None:
    times = [from_micros(fact.at) for fact in facts]
    assert max(times) < UNTIL
    assert (UNTIL - min(times)).days in range(355, 366)
    assert sum(a > b for a, b in itertools.pairwise(times)) < 365  # only from one day to the next


def test_a_fact_that_happens_once_for_its_row_is_there_once(facts: list[Fact]) -> None:
    keys = [(fact.event, fact.values[fact.event.keyed_by]) for fact in facts if fact.event.keyed_by]
    assert len(keys) == len(set(keys))


def test_every_subject_registers(facts: list[Fact]) -> None:
    registered = Counter(fact.event for fact in facts)
    assert registered[PrincipalRegistered] == 1_200
    assert 4_750 <= registered[IdentityRegistered] <= 4_800


def test_most_use_is_by_few_agents(facts: list[Fact]) -> None:
    used = Counter(fact.values["identity_handle"] for fact in facts if fact.event is CredentialsUsed)
    most = sum(count for _, count in used.most_common(len(used) // 20))
    assert most > 0.7 * used.total()
