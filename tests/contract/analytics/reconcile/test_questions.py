"""PostHog is asked in two texts that never change, within its limits; that it does not answer is said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from authsome.analytics.reconcile.posthog.ask import PostHogSilent, Questions
from authsome.analytics.reconcile.posthog.hogql import COUNTS, IDS, fields, said, weigh
from authsome.kit.clock import EPOCH
from authsome.kit.secret import Secret
from authsome.telemetry.portion import Origin
from authsome.telemetry.sinks.posthog.private.access import Access
from authsome.telemetry.sinks.posthog.private.answer import Answered, Refused
from authsome.telemetry.sinks.posthog.private.call import PrivateApi
from authsome.testing.clock import START, SimulatedClock
from authsome.testing.posthog import Answer, PostHogSimulator
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID
from tests.support.compared import Compared, lines, without
from tests.support.hogql import parse, walk

FUNCTIONS = {  # of PostHog's own list; `cityHash64` is the only digest in it, and is not the same everywhere
    *("arrayEnumerate", "arrayFilter", "arrayMap", "arraySort", "arrayStringConcat", "arraySum", "has"),
    *("concat", "count", "formatDateTime", "fromUnixTimestamp", "JSONExtractKeysAndValuesRaw", "sum"),
    *("multiply", "reinterpretAsUInt8", "splitByChar", "splitByString", "substring", "toString"),
}
VALUES = {"installation": "srv_1", "fields": "a,b", "since": 0, "until": 1}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def posthog(clock: SimulatedClock) -> Iterator[PostHogSimulator]:
    with PostHogSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
async def api(posthog: PostHogSimulator, clock: SimulatedClock) -> AsyncIterator[PrivateApi]:
    access = Access(host=posthog.url, project_id=PROJECT_ID, key=Secret(PERSONAL_KEY))
    made = PrivateApi(access, clock=clock)
    yield made
    await made.close()


@pytest.mark.parametrize("text", [COUNTS, IDS])
def test_posthogs_own_parser_takes_the_questions_and_knows_their_functions(text: str) -> None:
    tree = parse(text)
    assert {node["name"] for node in walk(tree) if node["node"] == "Call"} <= FUNCTIONS


def test_a_weight_changes_with_every_character_and_place() -> None:
    properties = said({"provider": "github", "count": 12, "is_default": True})
    assert properties == 'count=12,is_default=true,provider="github"'
    assert weigh("t", "prn_1", properties) == 120970
    assert weigh("t", "prn_1", properties) != weigh("t", "prn_2", properties)
    assert weigh("t", "prn_12", properties) != weigh("t", "prn_21", properties)


async def test_it_waits_as_long_as_posthog_says(posthog: PostHogSimulator, api: PrivateApi) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    posthog.next_private(Answer(status=429, retry_after="7"), Answer(status=503))
    asked = Questions(api, origin=Origin(installation_id="srv_1"), fields=fields(), wait=wait)
    assert await asked.counts(EPOCH, START) == {}
    assert waited == [7.0, 2.0]


async def test_what_an_operator_must_change_is_said(posthog: PostHogSimulator, api: PrivateApi) -> None:
    posthog.next_private(Answer(status=403, text='{"detail": "the key lacks query:read"}'))
    asked = Questions(api, origin=Origin(installation_id="srv_1"), fields=fields())
    with pytest.raises(PostHogSilent, match="query:read"):
        await asked.counts(EPOCH, START)


async def test_the_simulator_takes_these_texts_with_these_values_and_no_others(api: PrivateApi) -> None:
    async def ask(text: str, values: object) -> object:
        return await api.post("query", {"query": {"kind": "HogQLQuery", "query": text, "values": values}})

    assert isinstance(await ask(COUNTS, VALUES), Answered)
    for text, values in (
        (COUNTS + " ", VALUES),
        (COUNTS, {**VALUES, "event": "x"}),
        (COUNTS, {**VALUES, "since": "0"}),
        (IDS, VALUES),
        ("SELECT 1", {}),
    ):
        refused = await ask(text, values)
        assert isinstance(refused, Refused)
        assert refused.status == 400


async def test_without_a_key_the_layer_says_why_it_was_not_compared(house: Compared) -> None:
    house.posthog = None
    report = await house.compare()
    assert {layer.value: section.skipped for layer, section in report.sections.items()} == {
        "registry": None,
        "rollups": None,
        "posthog": "there is none",
    }


async def test_what_posthog_shows_late_is_lost_with_a_note(
    house: Compared, posthog: PostHogSimulator
) -> None:
    await house.add_session(await house.principal_id())
    await house.mend()
    posthog.private.show_late(timedelta(days=1))
    await house.settle()
    house.clock.advance(-timedelta(hours=1))
    report = await house.compare()
    notes = [note for section in report.sections.values() for note in section.notes]
    assert any("shows late" in note for note in notes)
    posthog.private.show_late(timedelta())
    assert lines(await house.compare()) == {}


async def test_from_a_day_on(house: Compared, posthog: PostHogSimulator) -> None:
    first, last = (await house.facts("run_started"))[0], (await house.facts("connection_revoked"))[-1]
    posthog.plant(without(first))
    posthog.plant(without(last))
    day = last.occurred_at.replace(hour=0, minute=0, second=0, microsecond=0)
    assert day > first.occurred_at
    assert set(lines(await house.compare())) == {
        ("posthog", "lost", "run_started"),
        ("posthog", "lost", "connection_revoked"),
    }
    assert set(lines(await house.compare(since=day))) == {("posthog", "lost", "connection_revoked")}
