"""A history as it came to PostHog, and somebody who looks at it on some day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from authsome.store.event_log import LoggedEvent
from authsome.telemetry.sink import Outgoing
from tests.property.analytics.histories import MIDDLE, ZONES, facts, histories
from tests.property.analytics.oracle import Oracle, days_between
from tests.support.clickhouse.engine import Engine
from tests.support.clickhouse.project import Project
from tests.support.clickhouse.scope import Setting
from tests.support.clickhouse.stored import outgoing

DAYS = 90
LATEST = MIDDLE.date() + timedelta(days=14)  # every random history is over by then


@dataclass(frozen=True)
class Scene:
    """`late` facts come in a second request, after newer ones; `again` are sent a second time there.

    `defined` is whether PostHog has come to giving the properties their types, and `monday` what the project
    begins its weeks with.
    """

    history: list[LoggedEvent]
    zone: str
    today: date
    late: set[int] = field(default_factory=set)
    again: set[int] = field(default_factory=set)
    merged: bool = False
    defined: bool = True
    monday: bool = True
    as_sent: Callable[[LoggedEvent], Outgoing] = outgoing

    @cached_property
    def oracle(self) -> Oracle:
        return Oracle(facts(self.history), ZoneInfo(self.zone))

    def days(self, count: int = DAYS) -> list[date]:
        """So many days up to today."""
        return days_between(self.today - timedelta(days=count - 1), self.today)

    def project(self, engine: Engine) -> Project:
        sent = [self.as_sent(fact) for fact in self.history]
        first = [fact for n, fact in enumerate(sent) if n not in self.late]
        second = [fact for n, fact in enumerate(sent) if n in self.late | self.again]
        now = datetime.combine(self.today, time(12), ZoneInfo(self.zone))
        setting = Setting(self.zone, now, weeks_from_monday=self.monday)
        return Project.filled(engine, [first, second], setting, merged=self.merged, defined=self.defined)


_some = st.sets(st.integers(0, 39))


def scenes(
    told: st.SearchStrategy[list[LoggedEvent]], monday: st.SearchStrategy[bool]
) -> st.SearchStrategy[Scene]:
    return st.builds(
        Scene,
        history=told,
        zone=st.sampled_from(ZONES),
        today=st.just(LATEST),
        late=_some,
        again=_some,
        merged=st.booleans(),
        defined=st.booleans(),
        monday=monday,
    )


ANY = scenes(histories(), st.booleans())
