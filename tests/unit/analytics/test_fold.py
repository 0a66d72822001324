"""What one fact adds to the rollups."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from authsome.analytics.projections.fold import DailyKey, MilestoneKey, SubjectKey, Who, fold
from authsome.store.event_log import LoggedEvent

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fact(name: str, at: datetime = NOON, **fields: Any) -> LoggedEvent:
    return LoggedEvent(
        position=1,
        id="evt_1",
        uuid="u",
        name=name,
        version=1,
        occurred_at=at,
        subject_kind="server",
        subject_id="srv_1",
        actor_kind="server",
        actor_id="srv_1",
        fields=fields,
        digests={},
    )


def test_a_fact_that_stands_for_many_counts_as_many() -> None:
    used = fact("credentials_used", count=41, identity_handle="brisk-amber-otter-0001", provider="github")
    folded = fold([used, used], ZoneInfo("UTC"))
    day = date(2026, 3, 1)
    assert folded.daily == {DailyKey("credentials_used", day, "github"): 82}
    handle = "brisk-amber-otter-0001"
    key = SubjectKey("credentials_used", day, "github", identity_handle=handle)
    assert folded.subject == {key: 82}
    assert folded.milestone == {MilestoneKey("credentials_used", identity_handle=handle): NOON}


def test_a_fact_about_nobody_is_counted_without_a_subject() -> None:
    folded = fold([fact("server_started", server_version="1")], ZoneInfo("UTC"))
    assert sum(folded.daily.values()) == 1
    assert not folded.subject
    assert not folded.milestone


def test_a_principal_and_an_identity_in_one_fact_are_counted_together() -> None:
    folded = fold([fact("identity_claimed", principal_id="prn_1", identity_handle="h")], ZoneInfo("UTC"))
    assert [key.who for key in folded.subject] == [Who("prn_1", "h", "")]


def test_whom_a_fact_is_about_counts_besides_whom_it_names() -> None:
    told = replace(fact("connection_revoked", principal_id="prn_1"), subject_kind="principal")
    folded = fold([replace(told, subject_id="prn_2"), replace(told, subject_id="prn_1")], ZoneInfo("UTC"))
    assert {key.who for key in folded.subject} == {Who("prn_1", "", "prn_2"), Who("prn_1", "", "")}


def test_an_erasure_names_whom_to_take_out_and_counts_nobody() -> None:
    folded = fold([fact("principal_erased", principal_id="prn_1")], ZoneInfo("UTC"))
    assert (folded.erased, sum(folded.daily.values()), len(folded.subject)) == ({"prn_1"}, 1, 0)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 22, 59, 59, 999999, UTC), date(2026, 3, 28)),
        ("Europe/Berlin", datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        ("Europe/Berlin", datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),  # summer time by then
        ("America/St_Johns", datetime(2026, 3, 1, 3, 29, tzinfo=UTC), date(2026, 2, 28)),
        ("America/St_Johns", datetime(2026, 3, 1, 3, 30, tzinfo=UTC), date(2026, 3, 1)),
    ],
)
def test_days_begin_at_the_zones_midnight(zone: str, moment: datetime, day: date) -> None:
    (key,) = fold([fact("server_started", moment)], ZoneInfo(zone)).daily
    assert key.day == day
