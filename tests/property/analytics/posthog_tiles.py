"""What each insight of our PostHog dashboards should say, by the oracle: by hand for each, by its title."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest

from tests.property.analytics.scenes import Scene
from tests.support.clickhouse.dates import day_of
from tests.support.clickhouse.project import Project

Json = dict[str, Any]
Check = Callable[[Json, Project, Scene], None]
Row = tuple[Any, ...]
ENDS = ("completed", "failed", "expired", "cancelled")


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


CHECKS: dict[str, Check] = {
    "Registered principals": registered,
    "Identities registered and claimed": identities,
    "Auth session success rate": auth_sessions,
    "Top providers connected": providers,
}
