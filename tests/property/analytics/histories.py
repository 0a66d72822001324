"""Random histories: empty ones, ties, times around midnight and the changes to summer time, re-claims."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from authsome.auth_session.events import (
    AuthSessionCancelled,
    AuthSessionCompleted,
    AuthSessionExpired,
    AuthSessionFailed,
)
from authsome.auth_session.model import FailureReason
from authsome.connection.events import (
    ConnectionCreated,
    ConnectionLoggedOut,
    ConnectionMarkedBroken,
    ConnectionMended,
    ConnectionReauthorized,
    ConnectionRefreshed,
    ConnectionRefreshFailed,
    ConnectionRevoked,
)
from authsome.connection.model import BrokenReason, Flow
from authsome.connection.oauth.failure import RefreshFailure
from authsome.erasure.events import IdentityErased, PrincipalErased
from authsome.erasure.model import ErasedBy
from authsome.kit.event import Event, Privacy
from authsome.store.event_log import LoggedEvent
from tests.property.analytics.oracle import Fact
from tests.property.analytics.use import uses
from tests.support.history import agent, claimed, connected, opened, registered, rejected

ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12")
MIDDLE = datetime(2026, 3, 29, tzinfo=UTC)  # summer time begins in Europe

# Minutes of the day at which some zone above has its midnight, and the microsecond on either side.
_EDGES = [timedelta(minutes=m) for m in (0, 60, 120, 150, 210, 600, 720, 1095, 1320, 1380)]
_AROUND = [edge + timedelta(microseconds=us) for edge in _EDGES for us in (-1, 0, 1)]

_names = st.sampled_from("abcd")
moments = st.builds(
    lambda day, time: MIDDLE + timedelta(days=day) + time,
    st.one_of(st.sampled_from((-1, 0)), st.integers(-12, 12)),
    st.one_of(st.sampled_from(_AROUND), st.timedeltas(timedelta(0), timedelta(days=1))),
)
_providers = st.sampled_from([("github", None), ("openai", None), ("custom", "warehouse"), ("custom", "crm")])
_principals = _names.map(lambda n: f"prn_{n}")
_handles = _names.map(lambda n: f"brisk-amber-otter-{n}")


@st.composite
def _ended(draw: st.DrawFn) -> Event:
    provider, custom = draw(_providers)
    kind = draw(
        st.sampled_from([AuthSessionCompleted, AuthSessionFailed, AuthSessionExpired, AuthSessionCancelled])
    )
    session_id = f"aus_{draw(st.integers(0, 30))}"
    extra: dict[Any, dict[str, Any]] = {
        AuthSessionCompleted: {"connection_id": f"con_of_{session_id}"},
        AuthSessionFailed: {"reason": draw(st.sampled_from(FailureReason))},
    }
    made: Event = kind(
        auth_session_id=session_id,
        principal_id=draw(_principals),
        identity_handle=draw(st.none() | _handles),
        did=None,
        provider=provider,
        custom_provider=custom,
        flow=Flow.API_KEY,
        **extra.get(kind, {}),
    )
    return made


@st.composite
def _connected(draw: st.DrawFn) -> ConnectionCreated:
    return connected(f"con_{draw(st.integers(0, 30))}", draw(_principals), *draw(_providers))


@st.composite
def _connection_ended(draw: st.DrawFn) -> Event:
    provider, custom = draw(_providers)
    kind = draw(st.sampled_from([ConnectionLoggedOut, ConnectionRevoked]))
    extra: dict[str, Any] = {"revocation_id": None} if kind is ConnectionRevoked else {}
    made: Event = kind(
        connection_id=f"con_{draw(st.integers(0, 30))}",
        principal_id=draw(_principals),
        provider=provider,
        custom_provider=custom,
        **extra,
    )
    return made


@st.composite
def _renewed(draw: st.DrawFn) -> Event:
    provider, custom = draw(_providers)
    kind = draw(
        st.sampled_from(
            [
                ConnectionRefreshed,
                ConnectionRefreshFailed,
                ConnectionMarkedBroken,
                ConnectionReauthorized,
                ConnectionMended,
            ]
        )
    )
    extra: dict[Any, dict[str, Any]] = {
        ConnectionRefreshFailed: {"reason": draw(st.sampled_from(RefreshFailure))},
        ConnectionMarkedBroken: {"reason": draw(st.sampled_from(BrokenReason))},
    }
    made: Event = kind(
        connection_id=f"con_{draw(st.integers(0, 30))}",
        principal_id=draw(_principals),
        provider=provider,
        custom_provider=custom,
        **({} if kind is ConnectionMended else {"flow": Flow.AUTHORIZATION_CODE}),
        **extra.get(kind, {}),
    )
    return made


def _principal_erased(principal_id: str) -> PrincipalErased:
    return PrincipalErased(
        erasure_id="ers_1", principal_id=principal_id, by=ErasedBy.OWNER, identities=0, connections=0
    )


def _identity_erased(handle: str) -> IdentityErased:
    return IdentityErased(
        erasure_id="ers_1", identity_id=f"idn_of_{handle}", identity_handle=handle, by=ErasedBy.ADMIN
    )


_erasures = st.one_of(
    st.integers(0, 20).map(lambda n: _principal_erased(f"prn_{n}")),
    _principals.map(_principal_erased),
    _handles.map(_identity_erased),
)
_events = st.one_of(
    st.integers(0, 20).map(lambda n: registered(f"prn_{n}")),
    _handles.map(agent),
    st.builds(
        lambda h, p, n: claimed(h, p, claim_id=f"clm_{h}_{n}"), _handles, _principals, st.integers(0, 3)
    ),
    st.builds(rejected, _handles, _principals),
    st.builds(opened, _handles, _principals),
    _ended(),
    _connected(),
    _connection_ended(),
    _renewed(),
    *[uses(_handles, _principals, _providers)] * 4,
)


_SERVER = ("server", "srv_1")
_subjects = st.one_of(  # whom a fact is about need not be whom it names: an admin acts for others
    st.just(_SERVER),
    _principals.map(lambda one: ("principal", one)),
    _handles.map(lambda one: ("identity", one)),
)


@st.composite
def histories(draw: st.DrawFn) -> list[LoggedEvent]:
    """What a log may hold: a fact that is keyed by a row is in it once."""
    drawn = draw(st.lists(st.tuples(moments, st.one_of(_events, _events, _events, _erasures)), max_size=40))
    about = draw(st.lists(_subjects, min_size=len(drawn), max_size=len(drawn)))
    known: set[str] = set()
    rows: list[LoggedEvent] = []
    for number, ((at, event), subject) in enumerate(zip(drawn, about, strict=True), start=1):
        key = str(getattr(event, event.keyed_by)) if event.keyed_by else str(number)
        if f"{event.name}:{key}" not in known:
            known.add(f"{event.name}:{key}")
            rows.append(_row(event, at, len(rows) + 1, (f"{event.name}:{key}", subject)))
    return rows


def facts(history: list[LoggedEvent]) -> list[Fact]:
    """The same for the oracle."""
    return [Fact(row.name, row.occurred_at, row.fields, row.subject_id, row.uuid) for row in history]


def _row(event: Event, at: datetime, position: int, told: tuple[str, tuple[str, str]]) -> LoggedEvent:
    uuid, (kind, subject_id) = told
    if event.name.endswith("_erased"):
        kind, subject_id = _SERVER
    return LoggedEvent(
        position=position,
        id=f"evt_{position}",
        uuid=uuid,
        name=event.name,
        version=event.version,
        occurred_at=at,
        subject_kind=kind,
        subject_id=subject_id,
        actor_kind="server",
        actor_id="srv_1",
        fields=event.values(Privacy.PUBLIC, Privacy.PSEUDONYM),
        digests={},
    )
