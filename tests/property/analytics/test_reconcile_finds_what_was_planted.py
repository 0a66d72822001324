"""Whatever is damaged together, exactly that is reported, and mending leaves only what people must judge."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import update

from authsome.analytics.projections.rollups import ROLLUPS
from authsome.kit.caller import server_caller
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.store.database import sqlite_url
from authsome.store.event_log import LoggedEvent
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator, StoredEvent
from tests.support.compared import Compared, about, lines
from tests.support.databases import fresh_postgres, postgres_server, store_at
from tests.support.examples import examples

__all__ = ["postgres_server"]
LOGGED_IN = "principal_logged_in"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """How many of each damage, and a number that chooses where."""

    rows: int
    unfounded: int
    stale: bool
    damages: tuple[str, ...]
    seed: int


PLANS = st.builds(
    Plan,
    rows=st.integers(0, 3),
    unfounded=st.integers(0, 2),
    stale=st.booleans(),
    damages=st.lists(
        st.sampled_from(["lost", "time", "day", "person", "property", "doubled", "phantom"]), max_size=7
    ).map(tuple),
    seed=st.integers(0, 10_000),
)
QUIET = settings(
    max_examples=examples(6),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a house takes seconds: shrinking one would take an hour
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@QUIET
@given(plan=PLANS)
def test_on_sqlite(plan: Plan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_hold(sqlite_url(Path(folder)), plan))


@QUIET
@given(plan=PLANS)
def test_on_postgresql(postgres_server: str, plan: Plan) -> None:
    asyncio.run(_hold(fresh_postgres(postgres_server), plan))


async def _hold(url: str, plan: Plan) -> None:
    note(str(plan))
    clock = SimulatedClock()
    store = await store_at(url, clock)
    try:
        with PostHogSimulator(clock=clock) as posthog:
            house = Compared(store, clock, posthog)
            await house.begin()
            expected = await _damage(house, posthog, plan)
            report = await house.compare()
            found = {(one.kind.value, one.about) for s in report.sections.values() for one in s.examples}
            stale = {one for one in found if one[0] == "stale"}
            assert bool(stale) == plan.stale
            assert found - stale == expected
            counts = {key: n for key, n in lines(report).items() if key[1] != "stale"}
            assert sum(counts.values()) == len(expected)
            await house.mend()
            await house.settle()
            left = await house.compare()
            assert about(left) == {which for kind, which in expected if kind not in ("missing", "lost")}
            assert left.repairable == 0
    finally:
        store.close()


async def _damage(house: Compared, posthog: PostHogSimulator, plan: Plan) -> set[tuple[str, str]]:
    """Plant it all; what must be found, as kind and id."""
    principal_id = await house.principal_id()
    facts = await house.facts()
    expected = set()
    for number in range(plan.unfounded):
        event = PrincipalLoggedIn(
            principal_id=principal_id, session_id=f"ses_none{number}", kind=SessionKind.BROWSER
        )
        caller = server_caller(house.store.installation_id)
        await house.store.write(caller, lambda work, one=event: work.record(one))  # type: ignore[misc]
    await house.settle()
    if plan.unfounded:
        expected |= {("unfounded", fact.id) for fact in (await house.facts())[-plan.unfounded :]}
    expected |= {("missing", await house.add_session(principal_id)) for _ in range(plan.rows)}
    if plan.stale:
        daily = ROLLUPS.daily
        await house.spoil(update(daily).where(daily.c.event == LOGGED_IN).values(count=daily.c.count + 1))
    sent = {str(event.uuid) for event in posthog.events}
    chosen = [fact for fact in facts if fact.uuid in sent]
    for number, damage in enumerate(plan.damages):
        fact = chosen[(plan.seed + 7 * number) % len(chosen)]
        chosen.remove(fact)
        expected.add(_at_posthog(posthog, fact, damage))
    return expected


def _at_posthog(posthog: PostHogSimulator, fact: LoggedEvent, damage: str) -> tuple[str, str]:
    own = next(event for event in posthog.events if str(event.uuid) == fact.uuid)
    others = [event for event in posthog.taken if event.uuid != own.uuid]
    changes = {
        "time": replace(own, timestamp=_same_day(own)),
        "day": replace(own, timestamp=own.timestamp - 3 * DAY),
        "person": replace(own, distinct_id="prn_somebodyelse"),
        "property": replace(own, properties=own.properties | {"actor_kind": "nobody"}),
    }
    if damage in changes:
        posthog.plant(lambda _taken: [*others, changes[damage]])
        return "altered", fact.id
    if damage == "lost":
        posthog.plant(lambda _taken: others)
        return "lost", fact.id
    if damage == "doubled":
        copy = replace(own, distinct_id="prn_somebodyelse")
        posthog.plant(lambda taken: [*taken, copy])
        return "doubled", fact.id
    number = uuid.uuid5(own.uuid, "never happened")
    posthog.plant(lambda taken: [*taken, replace(own, uuid=number)])
    return "phantom", str(number)


def _same_day(event: StoredEvent) -> datetime:
    """Another time of the same day, so that nothing but the time is wrong."""
    return event.timestamp.replace(microsecond=(event.timestamp.microsecond + 1) % 1_000_000)
