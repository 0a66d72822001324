"""Each way in which two records can differ is planted, found as what it is, and mended where that can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, update

from authsome.kit.caller import server_caller
from authsome.kit.clock import MICROSECOND
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.store.tables import rollup
from authsome.testing.clock import START
from authsome.testing.posthog import PostHogSimulator, StoredEvent
from tests.support.compared import Compared, about, changed, copied, invented, lines, without

FAR = START + timedelta(days=90)
NAME = "identity_claimed"


async def test_a_house_that_was_not_touched_agrees_with_itself(house: Compared) -> None:
    report = await house.compare()
    assert lines(report) == {}
    assert [section.skipped for section in report.sections.values()] == [None, None, None]
    assert all(section.compared > 50 for section in report.sections.values())


async def test_a_row_without_its_fact(house: Compared) -> None:
    row_id = await house.add_session(await house.principal_id())
    report = await house.compare()
    assert lines(report) == {("registry", "missing", "principal_logged_in"): 1}
    assert about(report) == {row_id}
    assert (await house.mend()).written == 1
    await house.settle()
    assert lines(await house.compare()) == {}
    fact = (await house.facts())[-1]
    assert fact.fields["session_id"] == row_id
    assert house.posthog is not None
    assert fact.uuid in {str(event.uuid) for event in house.posthog.events}


async def test_a_fact_that_was_taken_out_of_the_log(house: Compared) -> None:
    """It is missing here, and what PostHog and the pages say of it stands on nothing."""
    fact = (await house.facts(NAME))[0]
    await house.forget(fact)
    found = lines(await house.compare())
    assert found.pop(("registry", "missing", NAME)) == 1
    assert found.pop(("posthog", "phantom", NAME)) == 1
    assert {key[:2] for key in found} == {("rollups", "stale")}
    await house.mend()
    await house.settle()
    assert lines(await house.compare()) == {}
    again = next(one for one in await house.facts(NAME) if one.uuid == fact.uuid)
    assert (again.occurred_at, again.fields, again.subject_id, again.actor_id) == (
        fact.occurred_at,
        fact.fields,
        fact.subject_id,
        fact.actor_id,
    )


async def test_a_fact_of_which_no_row_tells(house: Compared) -> None:
    event = PrincipalLoggedIn(
        principal_id=await house.principal_id(), session_id="ses_none", kind=SessionKind.BROWSER
    )
    await house.store.write(server_caller(house.store.installation_id), lambda work: work.record(event))
    await house.settle()
    report = await house.compare()
    assert lines(report) == {("registry", "unfounded", "principal_logged_in"): 1}
    assert about(report) == {(await house.facts())[-1].id}
    assert report.repairable == 0
    await house.mend()
    assert lines(await house.compare()) == lines(report)


async def test_a_number_behind_a_page_that_is_wrong(house: Compared) -> None:
    for damage in _damages():
        await house.spoil(damage)
        assert set(lines(await house.compare())) == {("rollups", "stale", NAME)}, str(damage)
        mended = await house.mend()
        assert mended.rebuilt
        assert (mended.written, mended.sent_again) == (0, 0)
        assert lines(await house.compare()) == {}


async def test_an_index_behind_a_page_that_is_wrong(house: Compared) -> None:
    index, counts, firsts = rollup.DERIVED
    ghost = {"activity": "agent", "period": "week", "start": FAR.date(), "id": "nobody"}
    for damage in (
        update(counts).values(count=counts.c.count + 1),
        delete(index).where(index.c.period == "month"),
        insert(index).values(**ghost),
        update(index).where(index.c.period == "week").values(cohort=FAR.date()),
        update(firsts).values(claimed_at=FAR),
        delete(firsts),
        insert(firsts).values(id="nobody", registered_at=FAR),
    ):
        await house.spoil(damage)
        found = lines(await house.compare())
        assert {(layer, kind) for layer, kind, _ in found} == {("rollups", "stale")}, str(damage)
        assert (await house.mend()).rebuilt
        assert lines(await house.compare()) == {}


def _damages() -> list[Any]:
    """Too many, too few, none, somebody too many; and first times: too late, none, of nobody."""
    daily, subject, milestone = rollup.ROLLUPS
    ghost = {"event": NAME, **dict.fromkeys(("outcome", *rollup.WHO), "")} | {"principal_id": "prn_ghost"}
    none = dict.fromkeys(rollup.DIMENSIONS, "")
    return [
        update(daily).where(daily.c.event == NAME).values(count=daily.c.count + 3),
        delete(daily).where(daily.c.event == NAME),
        delete(subject).where(subject.c.event == NAME),
        insert(daily).values(event=NAME, day=FAR.date(), **none, count=1),
        update(milestone).where(milestone.c.event == NAME).values(first_at=FAR),
        delete(milestone).where(milestone.c.event == NAME),
        insert(milestone).values(**ghost, first_at=FAR),
    ]


async def test_a_fact_that_posthog_lost(house: Compared, posthog: PostHogSimulator) -> None:
    fact = (await house.facts(NAME))[0]
    before = len(posthog.events)
    posthog.plant(without(fact))
    report = await house.compare()
    assert lines(report) == {("posthog", "lost", NAME): 1}
    assert about(report) == {fact.id}
    assert (await house.mend()).sent_again == 1
    assert lines(await house.compare()) == {}  # it is on its way
    await house.settle()
    assert lines(await house.compare()) == {}
    assert len(posthog.events) == before


OTHERWISE: dict[str, dict[str, Any]] = {
    "another time": {"timestamp": MICROSECOND},
    "another day": {"timestamp": timedelta(days=-3)},
    "another person": {"distinct_id": "prn_somebodyelse"},
    "another property": {"connections_granted": 99},
}


async def test_a_fact_that_posthog_has_otherwise(house: Compared, posthog: PostHogSimulator) -> None:
    fact, intact = (await house.facts(NAME))[0], posthog.taken
    for how, what in OTHERWISE.items():
        posthog.plant(changed(fact, **_otherwise(posthog, fact.uuid, what)))
        report = await house.compare()
        assert lines(report) == {("posthog", "altered", NAME): 1}, how
        assert about(report) == {fact.id}
        assert report.repairable == 0
        posthog.plant(lambda _taken: intact)


async def test_a_fact_that_posthog_has_twice(house: Compared, posthog: PostHogSimulator) -> None:
    fact, intact = (await house.facts(NAME))[0], posthog.taken
    for how in ("another day", "another person"):
        posthog.plant(copied(fact, **_otherwise(posthog, fact.uuid, OTHERWISE[how])))
        report = await house.compare()
        assert lines(report) == {("posthog", "doubled", NAME): 1}, how
        assert about(report) == {fact.id}
        posthog.plant(lambda _taken: intact)


async def test_the_same_fact_taken_twice_is_no_difference(house: Compared, posthog: PostHogSimulator) -> None:
    posthog.plant(lambda taken: [*taken, *taken])
    assert lines(await house.compare()) == {}


async def test_an_event_that_never_happened_and_one_of_another_installation(
    house: Compared, posthog: PostHogSimulator
) -> None:
    number, plant = invented((await house.facts(NAME))[0])
    posthog.plant(plant)
    report = await house.compare()
    assert lines(report) == {("posthog", "phantom", NAME): 1}
    assert about(report) == {number}
    assert report.repairable == 0
    posthog.plant(
        lambda taken: [_of_another(event) if str(event.uuid) == number else event for event in taken]
    )
    assert lines(await house.compare()) == {}


def _of_another(event: StoredEvent) -> StoredEvent:
    return replace(event, properties=event.properties | {"installation_id": "srv_another"})


def _otherwise(posthog: PostHogSimulator, uuid: str, how: dict[str, Any]) -> dict[str, Any]:
    own = next(event for event in posthog.events if str(event.uuid) == uuid)
    out: dict[str, Any] = {}
    for name, value in how.items():
        if name == "timestamp":
            out[name] = own.timestamp + value
        elif name == "distinct_id":
            out[name] = value
        else:
            out["properties"] = own.properties | {name: value}
    return out
