"""Auth sessions: start one, and wait for what a person does on its page."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from authsome.auth_session.cancel import cancel
from authsome.auth_session.errors import AuthSessionGone, AuthSessionMissing, TooManyAuthSessions
from authsome.auth_session.find import get_session
from authsome.auth_session.model import AuthSession, AuthSessionState
from authsome.auth_session.ports import AuthSessionWork
from authsome.auth_session.start import start
from authsome.connection.errors import (
    ConnectionNameInvalid,
    ConnectionTaken,
    FlowUnavailable,
    OAuthClientMissing,
    TooManyConnections,
)
from authsome.connection.model import DEFAULT_NAME, Flow
from authsome.kit.caller import Caller
from authsome.provider.errors import ProviderMissing
from authsome.server.callers import Acting
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body, Id, Name
from authsome.server.routes.connections import ConnectionOut, connection_out
from authsome.server.state import Rt

router = APIRouter(prefix="/api/auth-sessions", tags=["auth sessions"])


STARTING = (
    ProviderMissing,
    ConnectionNameInvalid,
    ConnectionTaken,
    TooManyConnections,
    FlowUnavailable,
    OAuthClientMissing,
    TooManyAuthSessions,
)


class NewAuthSession(Body):
    """For which provider, what the connection is to be called, and by which flow, if not the usual one."""

    provider: Name
    connection_name: Name = DEFAULT_NAME
    flow: Flow | None = None


class Started(Answer):
    """The link of the page. It opens nothing for anybody but the principal, signed in."""

    id: str
    url: str
    expires_at: datetime


class AuthSessionOut(Answer):
    """How an auth session stands, whether the person is at the provider's page, and the connection made."""

    id: str
    state: str
    reason: str | None
    provider: str
    flow: str
    is_waiting: bool
    expires_at: datetime
    connection: ConnectionOut | None


@router.post("", status_code=201, responses=refusals(*STARTING))
async def begin(body: NewAuthSession, runtime: Rt, caller: Acting) -> Started:
    """Ask for a connection; a person finishes it on the page behind the link."""
    session, token = await runtime.store.write(
        caller,
        lambda work: start(work, provider=body.provider, name=body.connection_name, flow=body.flow),
    )
    url = f"{runtime.config.base_url}/connect/{token.reveal()}"
    return Started(id=session.id, url=url, expires_at=session.expires_at)


@router.get("/{session_id}", responses=refusals(AuthSessionMissing))
async def show(session_id: Id, runtime: Rt, caller: Acting) -> AuthSessionOut:
    """How it stands. Only for whoever started it, and its principal."""
    return await runtime.store.read(lambda view: _look(view, caller, session_id))


@router.post("/{session_id}/cancel", status_code=204, responses=refusals(AuthSessionMissing, AuthSessionGone))
async def call_off(session_id: Id, runtime: Rt, caller: Acting) -> None:
    """Call it off; the link stops working."""
    await runtime.store.write(caller, lambda work: cancel(work, session_id=session_id))


def _look(view: AuthSessionWork, caller: Caller, session_id: str) -> AuthSessionOut:
    session = get_session(view, caller=caller, session_id=session_id)
    made = view.connections.find(session.connection_id) if session.connection_id else None
    return AuthSessionOut(
        id=session.id,
        state=_state(session, is_open=session.is_open(view.now)),
        reason=session.reason.value if session.reason else None,
        provider=session.provider,
        flow=session.flow.value,
        is_waiting=session.is_waiting,
        expires_at=session.expires_at,
        connection=connection_out(made) if made else None,
    )


def _state(session: AuthSession, *, is_open: bool) -> str:
    """An overdue one has expired, whether or not the sweep has come to say so."""
    overdue = session.state is AuthSessionState.OPEN and not is_open
    return AuthSessionState.EXPIRED.value if overdue else session.state.value
