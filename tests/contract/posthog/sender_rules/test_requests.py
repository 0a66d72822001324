"""What our requests look like: PostHog's limits and forms, on every try the same."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from authsome.kit.event import Event
from authsome.principal.events import PrincipalInvited
from authsome.principal.model import LinkKind, Role
from authsome.store.transactions import Store
from authsome.testing.posthog import Answer, PostHogSimulator
from tests.contract.posthog.relaying import head_of, log_ins, record, relaying, until_position
from tests.contract.posthog.sender_rules.asking import PATHS
from tests.contract.posthog.sender_rules.sending import database_url, sink_to

__all__ = ["database_url"]
pytestmark = pytest.mark.parametrize("api", ["v0", "v1"])
MIB = 1024 * 1024
MOST = {"v0": 20 * MIB, "v1": 10 * MIB}
UTC_MICROSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


async def send_all(store: Store, posthog: PostHogSimulator, api: str) -> None:
    async with relaying(store, sink_to(api, store, posthog)):
        await until_position(store, await head_of(store))


def events(posthog: PostHogSimulator) -> list[dict[str, Any]]:
    return [event for request in posthog.requests for event in request.json["batch"]]


def large(number: int) -> Event:
    """A fact of a third of the largest event."""
    return PrincipalInvited(
        invitation_id=f"inv_{number}_" + "x" * 300_000, kind=LinkKind.INVITATION, role=Role.MEMBER
    )


async def test_they_are_packed_posts_to_the_documented_path(
    consented: Store, posthog: PostHogSimulator, api: str
) -> None:
    await send_all(consented, posthog, api)
    for request in posthog.requests:
        assert (request.method, request.target) == ("POST", PATHS[api])
        assert request.header("Content-Type") == "application/json"
        assert request.header("Content-Encoding") == "gzip"
        assert request.body.startswith(b"\x1f\x8b\x08")


async def test_a_try_again_has_the_same_events_to_the_byte(
    consented: Store, posthog: PostHogSimulator, api: str
) -> None:
    await record(consented, *log_ins(3))
    posthog.next(*[Answer(status=503, take=True)] * 3)
    await send_all(consented, posthog, api)
    assert len(posthog.requests) == 4
    assert len({request.plain for request in posthog.requests}) == 1
    assert len(posthog.taken) == 4 * len(posthog.events)
    if api == "v1":
        assert [request.header("PostHog-Attempt") for request in posthog.requests] == ["1", "2", "3", "4"]
        assert len({request.header("PostHog-Request-Id") for request in posthog.requests}) == 1


async def test_nothing_in_them_moves_the_time_of_an_event(
    consented: Store, posthog: PostHogSimulator, api: str
) -> None:
    await send_all(consented, posthog, api)
    for request in posthog.requests:
        assert "sent_at" not in request.json
    for event in events(posthog):
        assert UTC_MICROSECONDS.fullmatch(event["timestamp"])
        if api == "v1":
            assert event["options"]["disable_skew_correction"] is True


async def test_they_keep_to_the_limits_and_leave_no_fact_out(
    consented: Store, posthog: PostHogSimulator, api: str
) -> None:
    await record(consented, *log_ins(3), *(large(number) for number in range(5)), *log_ins(3, first=3))
    await send_all(consented, posthog, api)
    assert {request.status for request in posthog.requests} == {200}
    assert all(len(request.plain) < MOST[api] / 8 for request in posthog.requests)
    assert len(events(posthog)) == 12
    assert max(Counter(event["uuid"] for event in events(posthog)).values()) == 1


async def test_the_sender_is_named_and_its_address_is_not(
    consented: Store, posthog: PostHogSimulator, api: str
) -> None:
    await send_all(consented, posthog, api)
    for event in events(posthog):
        assert event["properties"]["$ip"] == "0.0.0.0"
        assert event["properties"]["$geoip_disable"] is True
        assert event["properties"].get("$lib") == ("authsome" if api == "v0" else None)
    if api == "v1":
        assert str(posthog.requests[0].header("PostHog-Sdk-Info")).startswith("authsome/")
    assert {event.properties["$lib"] for event in posthog.events} == {"authsome"}


async def test_where_nothing_waits_nothing_is_sent(
    consented: Store, posthog: PostHogSimulator, api: str
) -> None:
    await send_all(consented, posthog, api)
    before = len(posthog.requests)
    await send_all(consented, posthog, api)
    assert len(posthog.requests) == before
