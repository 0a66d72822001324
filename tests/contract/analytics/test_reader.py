"""The adoption dashboard, from facts in the log to the numbers that a page shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from authsome.analytics.asked import Asked
from authsome.analytics.projections.project import Projector
from authsome.analytics.reader import Reader
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.history import agent, claimed, completed, connected, failed, log, registered, rejected

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


async def a_fortnight(store: Store, clock: SimulatedClock) -> None:
    """Ann and an agent in the first week; Ben, two agents and most connections in the second."""
    clock.moment = NOON
    week_ago = NOON - 7 * DAY
    await log(
        store,
        (week_ago, registered("prn_ann")),
        (week_ago, agent("quiet-blue-heron-0001")),
        (week_ago, claimed("quiet-blue-heron-0001", "prn_ann")),
        (week_ago, failed("aus_1", "prn_ann", "github")),
        (NOON - 2 * DAY, registered("prn_ben")),
        (NOON - 2 * DAY, agent("brisk-amber-otter-0002")),
        (NOON - 2 * DAY, agent("brisk-amber-otter-0003")),
        (NOON - DAY, claimed("brisk-amber-otter-0002", "prn_ben")),
        (NOON - DAY, rejected("brisk-amber-otter-0003", "prn_ben")),
        (NOON - DAY, completed("aus_2", "prn_ben", "github")),
        (NOON - DAY, connected("con_1", "prn_ben", "github")),
        (NOON, completed("aus_3", "prn_ben", "github")),
        (NOON, connected("con_2", "prn_ben", "github")),
        (NOON, failed("aus_4", "prn_ann", "openai")),
        (NOON, connected("con_3", "prn_ann", "custom", "warehouse")),
    )
    await Projector(store, "UTC").catch_up()


async def test_an_empty_installation_has_a_dashboard_of_zeros(store: Store) -> None:
    found = await Reader(store, "UTC").answer("adoption", Asked(days=7))
    assert len(found.buckets) == 7
    assert [tile.key for tile in found.tiles][:4] == [
        "principals",
        "identities",
        "auth_sessions",
        "providers",
    ]
    assert all(line.values == (0,) * 7 and line.total == 0 for tile in found.tiles for line in tile.lines)
    rate = found.tile("auth_sessions").rate
    assert rate is not None
    assert rate.total is None
    assert found.tile("providers").by == {"provider": ()}


async def test_the_dashboard_counts_the_time_shown_and_compares_with_the_time_before(
    store: Store, clock: SimulatedClock
) -> None:
    await a_fortnight(store, clock)
    found = await Reader(store, "UTC").answer("adoption", Asked(days=7))
    assert (found.since.isoformat(), found.until.isoformat()) == ("2026-03-04", "2026-03-10")
    principals = found.tile("principals")
    assert principals.line("new").values == (0, 0, 0, 0, 1, 0, 0)
    assert principals.line("total").values == (1, 1, 1, 1, 2, 2, 2)
    assert (principals.line("total").total, principals.line("total").before) == (2, 1)
    identities = found.tile("identities")
    totals = {line.key: (line.total, line.before) for line in identities.lines}
    assert totals == {"registered": (2, 1), "claimed": (1, 1), "rejected": (1, 0)}
    rate = found.tile("auth_sessions").rate
    assert rate is not None
    assert rate.values[-2:] == (1.0, 0.5)
    assert (rate.total, rate.before) == (2 / 3, 0.0)


async def test_providers_are_ranked_with_their_connections_and_principals(
    store: Store, clock: SimulatedClock
) -> None:
    await a_fortnight(store, clock)
    tile = (await Reader(store, "UTC").answer("adoption", Asked(days=7))).tile("providers")
    rows = [(row.name, dict(row.counts)) for row in tile.by["provider"]]
    assert rows == [
        ("github", {"connections": 2, "principals": 1}),
        ("warehouse", {"connections": 1, "principals": 1}),
    ]
    assert (tile.line("connections").total, tile.line("principals").total) == (3, 2)


async def test_the_success_rate_is_told_by_provider_flow_and_reason(
    store: Store, clock: SimulatedClock
) -> None:
    await a_fortnight(store, clock)
    by = (await Reader(store, "UTC").answer("adoption", Asked(days=14))).tile("auth_sessions").by
    rates = {row.name: row.rate for row in by["provider"]}
    assert rates == {"github": 2 / 3, "openai": 0.0}
    assert [(row.name, row.counts["failed"]) for row in by["reason"]] == [("", 0), ("key_invalid", 2)]
    assert [row.rate for row in by["reason"]] == [None, None]
    assert [row.name for row in by["flow"]] == ["api_key"]


async def test_it_says_which_facts_it_has_not_seen(store: Store, clock: SimulatedClock) -> None:
    await a_fortnight(store, clock)
    clock.advance(DAY)
    fresh = await Reader(store, "UTC").answer("adoption", Asked(days=7))
    assert (fresh.position, fresh.lag) == (15, 0)
    assert fresh.as_of > NOON + DAY - timedelta(seconds=1)
    await log(store, (NOON + DAY, registered("prn_eve")))
    stale = await Reader(store, "UTC").answer("adoption", Asked(days=7))
    assert (stale.position, stale.lag) == (15, 1)
    assert stale.as_of < fresh.as_of


async def test_today_is_today_in_the_installations_time_zone(store: Store, clock: SimulatedClock) -> None:
    clock.moment = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    found = await Reader(store, "Europe/Berlin").answer("adoption", Asked(days=1))
    assert [day.isoformat() for day in found.buckets] == ["2026-03-11"]
    assert found.time_zone == "Europe/Berlin"


async def test_the_answer_is_plain_json(store: Store, clock: SimulatedClock) -> None:
    await a_fortnight(store, clock)
    said = json.loads(json.dumps((await Reader(store, "UTC").answer("adoption", Asked(days=7))).to_json()))
    assert said["dashboard"] == "adoption"
    assert (said["since"], said["until"], said["time_zone"]) == ("2026-03-04", "2026-03-10", "UTC")
    assert said["tiles"]["principals"]["lines"]["total"]["total"] == 2
    assert said["tiles"]["auth_sessions"]["rate"]["total"] == 2 / 3
    assert said["tiles"]["providers"]["by"]["provider"][0]["name"] == "github"
    assert said["tiles"]["identities"]["rate"] is None
