"""A history as it came to PostHog, and somebody who looks at it on some day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from authsome.connection.events import CredentialsUsed
from authsome.connection.model import UseOutcome
from authsome.kit.caller import Surface
from authsome.kit.event import Event, Privacy
from authsome.run.events import RunStarted
from authsome.store.event_log import LoggedEvent
from authsome.telemetry.sink import Outgoing
from tests.property.analytics.histories import MIDDLE, ZONES, facts, moments
from tests.property.analytics.oracle import Oracle, days_between
from tests.support.clickhouse.engine import Engine
from tests.support.clickhouse.project import Project
from tests.support.clickhouse.scope import Setting
from tests.support.clickhouse.stored import outgoing
from tests.support.history import agent, claimed, opened, rejected

DAYS = 90
Told = st.SearchStrategy[list[LoggedEvent]]
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


def scenes(told: Told, days: int = DAYS, *, any_week: bool = True) -> st.SearchStrategy[Scene]:
    """Looked at when all is over, or when the `days` that are shown begin in the middle of it."""
    return st.builds(
        Scene,
        history=told,
        zone=st.sampled_from(ZONES),
        today=st.sampled_from((LATEST, MIDDLE.date() + timedelta(days=days - 1))),
        late=_some,
        again=_some,
        merged=st.booleans(),
        defined=st.booleans(),
        monday=st.booleans() if any_week else st.just(True),
    )


_waits = st.one_of(
    st.just(timedelta(0)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
    st.sampled_from((timedelta(days=14), timedelta(days=14, microseconds=1), timedelta(days=7))),
)


@st.composite
def lives(draw: st.DrawFn) -> list[LoggedEvent]:
    """Agents to whom everything happens in its order: registered, opened, claimed, at work; some twice.

    PostHog's funnels and retention go by persons and by any event after another, so they count what our own
    metrics do only where nothing happens before its cause.
    """
    told: list[tuple[datetime, str, Event]] = []
    for number in range(draw(st.integers(0, 6))):
        handle, at = f"brisk-amber-otter-{number}", draw(moments)
        told.append((at, handle, agent(handle)))
        for step, event in enumerate(_life(draw, handle)):
            at += draw(_waits)
            told.append((at, f"{handle}/{step}", event))
    told.sort(key=lambda one: one[0])
    return [
        _row(at, f"{event.name}:{key}", event, position)
        for position, (at, key, event) in enumerate(told, start=1)
        if at.date() < LATEST
    ]


def _life(draw: st.DrawFn, handle: str) -> Sequence[Event]:
    steps: list[Event] = []
    for claim in range(draw(st.integers(0, 2))):
        claim_id, owner = f"clm_{handle}_{claim}", f"prn_{draw(st.sampled_from('abc'))}"
        steps.append(opened(handle, owner))
        if draw(st.booleans()):
            steps.append(rejected(handle, owner))
            continue
        steps.append(claimed(handle, owner, claim_id=claim_id))
        steps += [_work(draw, handle, owner, claim, n) for n in range(draw(st.integers(0, 4)))]
    return steps


def _work(draw: st.DrawFn, handle: str, owner: str, claim: int, number: int) -> Event:
    if draw(st.booleans()):
        run_id = f"run_{handle}_{claim}_{number}"
        return RunStarted(
            run_id=run_id, identity_handle=handle, did=f"did:key:{handle}", principal_id=owner, program=None
        )
    return CredentialsUsed(
        usage_key=f"use_{handle}_{claim}_{number}",
        identity_handle=handle,
        did=f"did:key:{handle}",
        principal_id=owner,
        connection_id="con_1",
        provider="github",
        custom_provider=None,
        surface=Surface.PROXY,
        outcome=draw(st.sampled_from(UseOutcome)),
        count=draw(st.integers(1, 100)),
    )


def _row(at: datetime, uuid: str, event: Event, position: int) -> LoggedEvent:
    return LoggedEvent(
        position=position,
        id=f"evt_{position}",
        uuid=uuid,
        name=event.name,
        version=event.version,
        occurred_at=at,
        subject_kind="identity",
        subject_id=str(event.values(Privacy.PUBLIC, Privacy.PSEUDONYM)["identity_handle"]),
        actor_kind="server",
        actor_id="srv_1",
        fields=event.values(Privacy.PUBLIC, Privacy.PSEUDONYM),
        digests={},
    )
