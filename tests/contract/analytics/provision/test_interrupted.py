"""Stopped at any call, or not answered, or run twice at once: the next `apply` leaves one of each."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.provision.errors import PostHogDenies
from authsome.analytics.provision.wanted import everything_wanted
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import Answer, Drop, PostHogSimulator, Slow
from tests.contract.analytics.provision.operator import Operator

EVERYTHING = everything_wanted(DASHBOARDS, with_old_names=True)
# Two of each thing make every kind of call; with all tiles there would be hundreds of ends to look at.
WANTED = replace(
    EVERYTHING,
    dashboards=tuple(replace(one, insights=one.insights[:2]) for one in EVERYTHING.dashboards[:2]),
    actions=(EVERYTHING.actions or ())[:2],
)
NAMES = sorted(
    [
        *(dashboard.name for dashboard in WANTED.dashboards),
        *(insight.name for dashboard in WANTED.dashboards for insight in dashboard.insights),
        *(action.name for action in WANTED.actions or ()),
    ]
)
TEXTS = sum(len(dashboard.texts) for dashboard in WANTED.dashboards)
MAKERS: dict[str, Callable[[], Answer | Drop]] = {
    "an end before the call": lambda: Answer(status=403),
    "an end after the call": lambda: Answer(status=403, take=True),
    "an answer that is late": lambda: Answer(status=504, take=True),
    "a connection that breaks": lambda: Drop(take=True),
}


@contextlib.contextmanager
def new_operator() -> Iterator[Operator]:
    clock = SimulatedClock()
    with PostHogSimulator(clock=clock) as posthog:
        operator = Operator(posthog, clock)
        try:
            yield operator
        finally:
            operator.client.close()


async def hold_one_of_each(operator: Operator) -> None:
    kept = operator.posthog.private.kept
    shelves = (kept.dashboards, kept.insights, kept.actions)
    made = [one.fields["name"] for shelf in shelves for one in shelf.values() if not one.deleted]
    assert sorted(made) == NAMES
    assert sum(tile["text"] is not None for one in operator.dashboards for tile in one["tiles"]) == TEXTS
    assert await operator.plan(WANTED) == []


async def calls_of_one_apply() -> int:
    with new_operator() as operator:
        await operator.apply(WANTED)
        return sum(request.path.startswith("/api/") for request in operator.posthog.requests)


@pytest.mark.parametrize("how", MAKERS)
async def test_at_whichever_call_it_ends_the_next_one_leaves_one_of_each(how: str) -> None:
    """Each way looks at every fourth call, and together they look at all."""
    make = MAKERS[how]
    for number in range(1 + list(MAKERS).index(how), await calls_of_one_apply(), len(MAKERS)):
        with new_operator() as operator:
            operator.posthog.next_private(*[Slow(seconds=0.0)] * number, make())
            with contextlib.suppress(PostHogDenies):
                await operator.apply(WANTED)
            await operator.apply(WANTED)
            await hold_one_of_each(operator)


async def test_one_run_is_enough_though_no_answer_to_a_write_comes_back(operator: Operator) -> None:
    """What was made without an answer is found by its mark, and not made again."""
    await operator.plan(WANTED)  # all that is read before the first write
    read = len(operator.posthog.requests)
    operator.posthog.next_private(*[Slow(seconds=0.0)] * read, Answer(status=504, take=True))
    await operator.apply(WANTED)
    await hold_one_of_each(operator)
    assert any("looking again" in line for line in operator.told)


async def test_two_at_the_same_time_leave_one_of_each_after_the_next(operator: Operator) -> None:
    other = Operator(operator.posthog, operator.clock)
    await asyncio.gather(operator.apply(WANTED), other.apply(WANTED), return_exceptions=True)
    other.client.close()
    await operator.apply(WANTED)
    await hold_one_of_each(operator)


async def test_of_two_sets_the_older_one_stays(operator: Operator) -> None:
    await operator.apply(WANTED)
    first = operator.insights
    kept = operator.posthog.private.kept
    again = kept.make(kept.insights, dict(kept.insights[first[0]["id"]].fields), [])
    number = f"#{again.id}]"
    again.fields["description"] = again.fields["description"].rpartition("#")[0] + number
    assert await operator.plan(WANTED) == [f"remove insight {again.id} {first[0]['name']}"]
    await operator.apply(WANTED)
    assert operator.insights == first
