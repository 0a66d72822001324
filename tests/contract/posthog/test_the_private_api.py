"""The private API's simulator refuses what PostHog refuses, and our client makes a value of each answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from authsome.kit.secret import Secret
from authsome.telemetry.sinks.posthog.private.access import Access
from authsome.telemetry.sinks.posthog.private.answer import Answered, NotAllowed, Refused, TryLater
from authsome.telemetry.sinks.posthog.private.call import PrivateApi
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import Answer, Drop, Hang, PostHogSimulator, Redirect
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID

UUID = "0b8e7f0e-3c0d-5d8a-9f0a-0d4f2f0c9a1{}"
COUNT = (
    "SELECT distinct_id, count() AS events FROM events WHERE distinct_id IN ({}) "
    "GROUP BY distinct_id ORDER BY distinct_id LIMIT 1000"
)


@pytest.fixture
async def api(posthog: PostHogSimulator, clock: SimulatedClock) -> AsyncIterator[PrivateApi]:
    access = Access(host=posthog.url, project_id=PROJECT_ID, key=Secret(PERSONAL_KEY))
    private = PrivateApi(access, clock=clock, within=0.5)
    yield private
    await private.close()


def take(posthog: PostHogSimulator, *distinct_ids: str, personless: bool = False) -> None:
    batch = [
        {
            "event": "principal_registered",
            "distinct_id": distinct_id,
            "uuid": UUID.format(number),
            "timestamp": "2026-03-01T10:00:00Z",
            "properties": {"$process_person_profile": False} if personless else {},
        }
        for number, distinct_id in enumerate(distinct_ids)
    ]
    answer = httpx.post(posthog.url + "/batch/", json={"api_key": posthog.key, "batch": batch})
    assert answer.status_code == 200


def ask(posthog: PostHogSimulator, path: str, document: Any = None, **headers: str) -> httpx.Response:
    url = f"{posthog.url}/api/projects/{PROJECT_ID}/{path}"
    headers = {"Authorization": f"Bearer {PERSONAL_KEY}"} | headers
    if document is None:
        return httpx.get(url, headers=headers)
    return httpx.post(url, json=document, headers=headers)


async def counts(api: PrivateApi, *distinct_ids: str) -> Any:
    text = COUNT.format(", ".join(f"'{distinct_id}'" for distinct_id in distinct_ids))
    answer = await api.post("query", {"query": {"kind": "HogQLQuery", "query": text}})
    assert isinstance(answer, Answered)
    return answer.document["results"]


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("", 401, "not_authenticated"),
        ("Basic phx_simulated", 401, "not_authenticated"),
        ("Bearer phx_other", 401, "invalid_personal_api_key"),
        ("Bearer phc_simulated", 401, "invalid_personal_api_key"),
    ],
)
def test_only_a_personal_key_that_it_knows_opens_it(
    posthog: PostHogSimulator, key: str, status: int, code: str
) -> None:
    answer = ask(posthog, "persons/", Authorization=key)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_each_endpoint_asks_for_its_scope(posthog: PostHogSimulator) -> None:
    posthog.private.keys = {PERSONAL_KEY: frozenset({"person:read"})}
    assert ask(posthog, "persons/").status_code == 200
    for path in ("persons/bulk_delete/", "query/"):
        answer = ask(posthog, path, {"distinct_ids": ["prn_1"]})
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_another_project_another_path_and_another_method_are_told_apart(posthog: PostHogSimulator) -> None:
    headers = {"Authorization": f"Bearer {PERSONAL_KEY}"}
    elsewhere = httpx.get(f"{posthog.url}/api/projects/2/persons/", headers=headers)
    assert elsewhere.status_code == 403
    assert ask(posthog, "people/").status_code == 404
    assert ask(posthog, "persons/bulk_delete/").status_code == 405


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ({}, "You need to specify either distinct_ids or ids"),
        ({"distinct_ids": []}, "You need to specify either distinct_ids or ids"),
        ({"distinct_ids": ["a"], "ids": ["b"]}, "You must provide either distinct_ids or ids, not both"),
        ({"distinct_ids": ["a"] * 1001}, "You can only pass 1000 distinct_ids in one call"),
        ({"distinct_ids": "prn_1"}, "Expected a list of strings."),
        ({"distinct_ids": [1]}, "Expected a list of strings."),
    ],
)
def test_a_deletion_names_some_and_at_most_a_thousand(
    posthog: PostHogSimulator, document: Any, detail: str
) -> None:
    answer = ask(posthog, "persons/bulk_delete/", document)
    assert (answer.status_code, answer.json()["detail"]) == (400, detail)


async def test_a_person_goes_at_once_and_their_events_when_posthog_is_quiet(
    posthog: PostHogSimulator, api: PrivateApi
) -> None:
    take(posthog, "prn_1", "prn_2")
    answer = await api.post("persons/bulk_delete", {"distinct_ids": ["prn_1"], "delete_events": True})
    assert isinstance(answer, Answered)
    assert (answer.document["persons_found"], answer.document["events_queued_for_deletion"]) == (1, True)
    assert list(posthog.persons) == ["prn_2"]
    assert await counts(api, "prn_1", "prn_2") == [["prn_1", 1], ["prn_2", 1]]
    assert posthog.run_deletions() == 1
    assert await counts(api, "prn_1", "prn_2") == [["prn_2", 1]]


async def test_events_without_a_person_are_not_found_by_a_deletion(
    posthog: PostHogSimulator, api: PrivateApi
) -> None:
    take(posthog, "brisk-otter-1", personless=True)
    answer = await api.post("persons/bulk_delete", {"distinct_ids": ["brisk-otter-1"], "delete_events": True})
    assert isinstance(answer, Answered)
    assert (answer.document["persons_found"], answer.document["events_queued_for_deletion"]) == (0, False)
    assert posthog.run_deletions() == 0


async def test_what_comes_after_the_request_stays_and_gets_no_person(
    posthog: PostHogSimulator, api: PrivateApi, clock: SimulatedClock
) -> None:
    take(posthog, "prn_1")
    await api.post("persons/bulk_delete", {"distinct_ids": ["prn_1"], "delete_events": True})
    clock.advance(timedelta(seconds=1))
    take(posthog, "prn_2", "prn_1")
    assert posthog.run_deletions() == 1
    assert await counts(api, "prn_1") == [["prn_1", 1]]
    found = await api.get("persons", {"distinct_id": "prn_1"})
    assert isinstance(found, Answered)
    assert found.document["results"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "EventsQuery"},
        {"kind": "HogQLQuery"},
        {"kind": "HogQLQuery", "query": "SELECT 1"},
        {"kind": "HogQLQuery", "query": COUNT.format("'x' OR 1=1")},
        "SELECT 1",
    ],
)
def test_a_query_of_an_unknown_shape_is_refused(posthog: PostHogSimulator, query: Any) -> None:
    answer = ask(posthog, "query/", {"query": query})
    assert (answer.status_code, answer.json()["type"]) == (400, "validation_error")


async def test_more_calls_than_the_limit_are_refused_for_a_minute(
    posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    posthog.private._calls.extend([clock.now()] * 480)
    answer = ask(posthog, "persons/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    clock.advance(timedelta(minutes=1))
    assert ask(posthog, "persons/").status_code == 200


async def test_the_client_makes_a_value_of_whatever_happens(
    posthog: PostHogSimulator, api: PrivateApi
) -> None:
    posthog.next_private(
        Answer(status=503, retry_after="7"),
        Answer(status=403, text='{"detail":"scope"}'),
        Redirect(location=posthog.url),
        Drop(),
        Hang(),
    )
    assert await api.get("persons") == TryLater("503", 7.0)
    assert await api.get("persons") == NotAllowed("403 scope")
    assert isinstance(await api.get("persons"), NotAllowed)
    assert await api.get("persons") == TryLater("network: RemoteProtocolError")
    assert await api.get("persons") == TryLater("time-out")
    assert isinstance(await api.get("no/such"), Refused)


async def test_the_clients_own_allowance_spares_a_call_that_would_be_refused(
    posthog: PostHogSimulator, api: PrivateApi
) -> None:
    answers = [await api.get("persons") for _ in range(481)]
    assert isinstance(answers[479], Answered)
    assert isinstance(answers[480], TryLater)
    assert answers[480].reason == "PostHog's own limit of calls is used up"
    assert 59 < (answers[480].after or 0) <= 60
    assert len(posthog.requests) == 480
