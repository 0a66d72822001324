"""Which facts each day has, in the order of their times."""

from __future__ import annotations

import random
from collections.abc import Iterator
from operator import itemgetter

from bench.history.arrivals import Arrivals
from bench.history.fact import Fact
from bench.history.people import Names
from bench.history.plan import Day, Plan
from bench.history.use import Use


def days(plan: Plan) -> Iterator[list[Fact]]:
    """Exactly `plan.events` facts. Those who come in do so first; what is left of a day's share is use."""
    chance = random.Random(plan.seed)
    arrivals = Arrivals(chance, Names(chance))
    use = Use(chance, arrivals)
    owed = left = plan.events
    for day in plan.days():
        owed -= day.events
        facts = _day(day, arrivals, use, left - owed)
        left -= len(facts)
        yield facts
    assert left == 0


def _day(day: Day, arrivals: Arrivals, use: Use, budget: int) -> list[Fact]:
    facts = arrivals.day(day)
    facts += use.day(day.begins, budget - len(facts))
    facts.sort(key=itemgetter(0))
    return facts
