"""What each insight of our PostHog dashboards should say, by the oracle: by hand for each, by its title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from authsome.analytics.tiles.split import APART
from tests.property.analytics.oracle import (
    Rule,
    days_between,
    is_agent_active,
    is_one,
    is_principal_active,
    is_running,
    said,
)
from tests.property.analytics.scenes import Scene
from tests.support.clickhouse.dates import day_of
from tests.support.clickhouse.project import Project
from tests.support.clickhouse.trends import NOTHING, OTHER

Json = dict[str, Any]
Check = Callable[[Json, Project, Scene], None]
Row = tuple[Any, ...]
SPANS = {"day": 90, "week": 26 * 7, "month": 365}  # how much is shown, in days
COHORTS = 8  # weeks
ENDS = ("completed", "failed", "expired", "cancelled")
OUTCOMES = ("delivered", "credential_rejected", "refused", "upstream_failed")


def by_day(rows: Iterable[Row]) -> dict[date, Row]:
    """The rest of each row by its day, no day twice."""
    listed = [(day_of(day), tuple(rest)) for day, *rest in rows]
    assert len(dict(listed)) == len(listed)
    assert sorted(listed) == listed
    return dict(listed)


def filled(counts: dict[date, Row]) -> dict[date, Row]:
    """Only the days on which there is something: SQL has no row for others."""
    return {day: row for day, row in counts.items() if any(row)}


def registered(insight: Json, posthog: Project, scene: Scene) -> None:
    def numbers(day: date) -> Row:
        new = scene.oracle.count("principal_registered", "principal_id", [day])
        return new, scene.oracle.in_all("principal_registered", "principal_id", day)

    expected = {day: numbers(day) for day in scene.days()}
    assert by_day(posthog.table(insight).rows) == {day: row for day, row in expected.items() if row[0]}


def identities(insight: Json, posthog: Project, scene: Scene) -> None:
    lines = posthog.trends(insight)
    events = ["identity_registered", "identity_claimed", "identity_claim_rejected"]
    assert [line.event for line in lines] == events
    for line in lines:
        days = scene.days()
        assert line.by_bucket == {
            day: scene.oracle.count(line.event, "identity_handle", [day]) for day in days
        }


def auth_sessions(insight: Json, posthog: Project, scene: Scene) -> None:
    def numbers(day: date) -> Row:
        return tuple(scene.oracle.count(f"auth_session_{how}", "auth_session_id", [day]) for how in ENDS)

    rates(insight, posthog, {day: numbers(day) for day in scene.days()}, deciding=3)


def credential_use(insight: Json, posthog: Project, scene: Scene) -> None:
    days = {day: tuple(scene.oracle.use([day])) for day in scene.days()}
    rates(insight, posthog, days, deciding=len(OUTCOMES))


def facts_by_day(scene: Scene, *events: str) -> dict[date, Row]:
    return {
        day: tuple(len({f.uuid for f in scene.oracle.facts([day], is_one(event))}) for event in events)
        for day in scene.days()
    }


def refreshes(insight: Json, posthog: Project, scene: Scene) -> None:
    days = facts_by_day(scene, "connection_refreshed", "connection_refresh_failed")
    rates(insight, posthog, days, deciding=2)


def reconnections(insight: Json, posthog: Project, scene: Scene) -> None:
    events = ("connection_marked_broken", "connection_reauthorized")
    expected, lines = facts_by_day(scene, *events), posthog.trends(insight)
    assert [line.event for line in lines] == list(events)
    for number, line in enumerate(lines):
        assert line.by_bucket == {day: row[number] for day, row in expected.items()}


def rates(insight: Json, posthog: Project, counts: dict[date, Row], *, deciding: int) -> None:
    rows = by_day(posthog.table(insight).rows)
    assert {day: row[:-1] for day, row in rows.items()} == filled(counts)
    for day, row in rows.items():
        whole = sum(counts[day][:deciding])
        assert row[-1] == (pytest.approx(100 * counts[day][0] / whole, abs=0.051) if whole else None)


def providers(insight: Json, posthog: Project, scene: Scene) -> None:
    rows, expected = posthog.table(insight).rows, scene.oracle.providers(scene.days())
    assert sorted(rows) == sorted(expected)
    assert [row[1] for row in rows] == [row[1] for row in expected]


def funnel(insight: Json, posthog: Project, scene: Scene) -> None:
    counts, _ = scene.oracle.funnel(scene.days())
    assert [step.count for step in posthog.funnel(insight)] == counts


def active(field: str, rule: Rule, bucket: str, days: int) -> Check:
    def check(insight: Json, posthog: Project, scene: Scene) -> None:
        first = start_of(scene.days(days)[0], bucket)
        buckets: dict[date, list[date]] = {}
        for day in days_between(first, scene.today):
            buckets.setdefault(start_of(day, bucket), []).append(day)
        expected = {start: (scene.oracle.active(field, held, rule),) for start, held in buckets.items()}
        assert by_day(posthog.table(insight).rows) == filled(expected)

    return check


def start_of(day: date, bucket: str) -> date:
    starts = {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}
    return starts[bucket]


def weeks_of(scene: Scene) -> list[list[date]]:
    """The weeks up to this one, each from its Monday."""
    monday = start_of(scene.today, "week")
    starts = [monday - timedelta(weeks=back) for back in reversed(range(COHORTS))]
    return [days_between(start, start + timedelta(days=6)) for start in starts]


def cohorts(scene: Scene, field: str, began: str, rule: Rule) -> dict[date, Row]:
    """By its Monday: how many there are, and how many were active in that week and each after, up to this."""
    weeks, found = weeks_of(scene), {}
    for number, week in enumerate(weeks):
        who = scene.oracle.cohort(field, began, week)
        retained = [scene.oracle.retained(who, field, later, rule) for later in weeks[number:]]
        found[week[0]] = (len(who), *retained, *[0] * number)
    return found


def principals_come_back(insight: Json, posthog: Project, scene: Scene) -> None:
    expected = cohorts(scene, "principal_id", "principal_registered", is_principal_active)
    assert by_day(posthog.table(insight).rows) == filled(expected)


def agents_keep_running(insight: Json, posthog: Project, scene: Scene) -> None:
    expected = cohorts(scene, "identity_handle", "identity_claimed", is_running)
    for cohort in posthog.retention(insight):
        size, _same_week, *later = expected.pop(cohort.began)
        assert cohort.counts == (size, *later)
    assert not expected


def open_by_provider(insight: Json, posthog: Project, scene: Scene) -> None:
    rule: Rule = lambda fact: fact.event.startswith("connection_")  # noqa: E731
    names = scene.oracle.values("provider", rule)
    expected = {name: scene.oracle.open_connections(scene.today, provider=name) for name in names}
    rows = posthog.table(insight).rows
    assert dict(rows) == {name: count for name, count in expected.items() if count}
    assert rows == sorted(rows, key=lambda row: (-row[1], row[0]))


def by_state(insight: Json, posthog: Project, scene: Scene) -> None:
    rows, last = by_day(posthog.table(insight).rows), (0, 0, 0, 0)
    for day in scene.days():
        last = rows.pop(day, last)
        ended = [
            scene.oracle.in_all(f"connection_{how}", "connection_id", day)
            for how in ("logged_out", "revoked")
        ]
        broken = scene.oracle.broken_connections(day)
        assert last == (scene.oracle.open_connections(day), broken, *ended)
    assert not rows


def by_surface(insight: Json, posthog: Project, scene: Scene) -> None:
    lines = posthog.trends(insight)
    assert [line.event for line in lines] == ["credentials_used", *["requests_served"] * 3]
    surfaces: list[dict[str, str]] = [{}, {"surface": "cli"}, {"surface": "api"}, {"surface": "page"}]
    for line, only in zip(lines, surfaces, strict=True):
        expected = {day: scene.oracle.summed(line.event, [day], **only) for day in scene.days()}
        assert line.by_bucket == expected


def split(event: str, dimension: str) -> Check:
    """Those with the most are apart, all others are one line, and so are those without a name."""

    def check(insight: Json, posthog: Project, scene: Scene) -> None:
        counts: dict[str, Counter[date]] = {}
        for fact in scene.oracle.facts(scene.days(), is_one(event)):
            counts.setdefault(said(fact, dimension) or NOTHING, Counter())[scene.oracle.day(fact)] += 1
        lines = posthog.trends(insight)
        others = [line for line in lines if line.value == (OTHER,)]
        for line in lines:
            if line not in others:
                assert isinstance(line.value, tuple)
                assert line.but_nothing() == counts.pop(line.value[0])
        assert bool(counts) == bool(others)
        apart = [line.whole for line in lines if line not in others and line.value != (NOTHING,)]
        assert len(apart) <= APART
        assert all(sum(one.values()) <= min(apart) for name, one in counts.items() if name != NOTHING)
        rest = sum(counts.values(), Counter())
        assert {day: n for line in others for day, n in line.but_nothing().items()} == rest

    return check


def _each(title: str, check: Callable[[str, int], Check]) -> dict[str, Check]:
    return {f"{title} by {bucket}": check(bucket, days) for bucket, days in SPANS.items()}


def _actives(field: str, rule: Rule) -> Callable[[str, int], Check]:
    return lambda bucket, days: active(field, rule, bucket, days)


CHECKS: dict[str, Check] = {
    "Registered principals": registered,
    "Identities registered and claimed": identities,
    "Auth session success rate": auth_sessions,
    "Top providers connected": providers,
    "From registered to first use": funnel,
    **_each("Active principals", _actives("principal_id", is_principal_active)),
    **_each("Active agents", _actives("identity_handle", is_agent_active)),
    "Principals who come back": principals_come_back,
    "Agents that keep running": agents_keep_running,
    "Credential use that works": credential_use,
    "Top providers now": open_by_provider,
    "Providers connected over time": split("connection_created", "provider"),
    "Connections by state": by_state,
    "Refreshes that work": refreshes,
    "Connections that broke": reconnections,
    "Use by surface": by_surface,
    "Refusals by the gateway": split("request_denied", "reason"),
}

# These go by persons, or by any event after another: see `scenes.lives`.
ONLY_IN_ORDER = frozenset({"From registered to first use", "Agents that keep running"})


def days_shown(title: str) -> int:
    """How many days there are from the first that is shown to today, at least."""
    if title in ("Principals who come back", "Agents that keep running"):
        return 7 * (COHORTS - 1) + 1
    return SPANS.get(title.rpartition(" by ")[2], SPANS["day"])
