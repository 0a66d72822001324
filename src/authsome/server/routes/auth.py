"""Auth sessions: start one, and wait for what a person does on its page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from authsome.auth_session.cancel import cancel
from authsome.auth_session.errors import (
    AuthSessionGone,
    AuthSessionMissing,
    ScopesInvalid,
    TooManyAuthSessions,
)
from authsome.auth_session.find import get_session
from authsome.auth_session.model import OPEN, AuthSession, AuthSessionState
from authsome.auth_session.oauth.obtain import obtain
from authsome.auth_session.oauth.show_code import show_code
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
from authsome.kit.caller import ActorKind, AdminRequired, Caller
from authsome.provider.errors import ProviderMissing
from authsome.provider.oauth import MOST_SCOPES
from authsome.runtime.oauth.parts import parts_of
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
    ScopesInvalid,
    OAuthClientMissing,
    AdminRequired,
    TooManyAuthSessions,
)


AT_ONCE = {Flow.CLIENT_CREDENTIALS: obtain, Flow.DEVICE_CODE: show_code}
Scope = Annotated[str, Field(min_length=1, max_length=200)]


class NewAuthSession(Body):
    """For which provider, what the connection is to be called, by which flow, and with which scopes, if not
    the usual ones.
    """

    provider: Name
    connection_name: Name = DEFAULT_NAME
    flow: Flow | None = None
    scopes: Annotated[list[Scope], Field(max_length=MOST_SCOPES)] | None = None


class Started(Answer):
    """The link of the page. It opens nothing for anybody but the principal, signed in. What needs no page has
    come to its end already, as `state` says. A device code is for its principal to type at the address beside
    it; an agent is not told it.
    """

    id: str
    url: str
    flow: str
    state: str
    expires_at: datetime
    user_code: str | None
    verification_uri: str | None
    verification_uri_complete: str | None


class AuthSessionOut(Answer):
    """How an auth session stands, what is asked for, and the connection made. `waiting` is for the person at
    the provider's page; before and after that it is `pending`.
    """

    id: str
    state: str
    reason: str | None
    provider: str
    flow: str
    scopes: list[str]
    expires_at: datetime
    connection: ConnectionOut | None


@router.post("", status_code=201, responses=refusals(*STARTING))
async def begin(body: NewAuthSession, runtime: Rt, caller: Acting) -> Started:
    """Ask for a connection; a person finishes it on the page behind the link."""
    session, token = await runtime.store.write(
        caller,
        lambda work: start(
            work, provider=body.provider, name=body.connection_name, flow=body.flow, scopes=body.scopes
        ),
    )
    # An agent only asks. What a person asks for, and has no page of a provider's, goes on at once.
    go_on = AT_ONCE.get(session.flow) if caller.kind is ActorKind.PRINCIPAL else None
    if go_on is not None:
        session = await go_on(parts_of(runtime), caller=caller, session=session)
    return Started(
        id=session.id,
        url=f"{runtime.config.base_url}/connect/{token.reveal()}",
        flow=session.flow.value,
        state=session.state.value,
        expires_at=session.expires_at,
        user_code=session.user_code,
        verification_uri=session.verification_uri,
        verification_uri_complete=session.verification_uri_complete,
    )


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
        scopes=list(session.scopes),
        expires_at=session.expires_at,
        connection=connection_out(made) if made else None,
    )


def _state(session: AuthSession, *, is_open: bool) -> str:
    """An overdue one has expired, whether or not the sweep has come to say so."""
    overdue = session.state in OPEN and not is_open
    return AuthSessionState.EXPIRED.value if overdue else session.state.value
