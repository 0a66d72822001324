"""Connections: list them, make one with a key from standard input, end one. Secrets only ever go in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, SecretStr

from authsome.auth_session.complete import connect_with_key
from authsome.auth_session.errors import TooManyAuthSessions
from authsome.connection.arrange.choose_default import choose_default
from authsome.connection.errors import (
    ConnectionEnded,
    ConnectionMissing,
    ConnectionNameInvalid,
    ConnectionNotShared,
    ConnectionTaken,
    FlowUnavailable,
    KeyInvalid,
    TooManyConnections,
)
from authsome.connection.keys import Given
from authsome.connection.log_out import log_out
from authsome.connection.model import BROKEN_WORDS, DEFAULT_NAME, LONGEST_KEY, Connection
from authsome.connection.revocation.lately import Ended, ended_lately
from authsome.connection.revoke import revoke
from authsome.grant.unshare import unshare
from authsome.grant.visible import visible_connections
from authsome.kit.secret import Secret
from authsome.provider.definition.key_fields import MOST_FIELDS
from authsome.provider.errors import ProviderMissing
from authsome.runtime.providers.check import check_connection
from authsome.runtime.providers.probe import TooManyTests
from authsome.server.callers import Acting, ActingPrincipal
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body, Id, Name
from authsome.server.state import Rt

router = APIRouter(prefix="/api/connections", tags=["connections"])


MAKING = (
    ProviderMissing,
    ConnectionNameInvalid,
    KeyInvalid,
    FlowUnavailable,
    ConnectionTaken,
    TooManyConnections,
    TooManyAuthSessions,
)
Typed = Annotated[SecretStr, Field(max_length=2 * LONGEST_KEY)]
ENDING = (ConnectionMissing, ConnectionEnded)


class NewConnection(Body):
    """A key for a provider: `api_key`, or `fields` by name where it has several. SECRET."""

    provider: Name
    name: Name = DEFAULT_NAME
    api_key: Typed | None = None
    fields: Annotated[dict[str, Typed], Field(max_length=MOST_FIELDS)] | None = None

    def given(self) -> Given:
        """What was typed. Raises `KeyInvalid` unless it came in one of the two ways."""
        if (self.api_key is None) == (self.fields is None):
            raise KeyInvalid("either api_key or fields is given")
        if self.api_key is not None:
            return Secret(self.api_key.get_secret_value())
        return {name: Secret(value.get_secret_value()) for name, value in (self.fields or {}).items()}


class ConnectionOut(Answer):
    """A connection without its secret: why it is broken, if it is, and until when its token is good.

    One that others share is not one's own. Scopes are those that the provider gave; missing are those that it
    was asked for and did not give. The account is what the provider calls whoever it is; it never leaves.
    """

    id: str
    provider: str
    name: str
    flow: str
    state: str
    problem: str | None
    is_default: bool
    created_at: datetime
    first_used_at: datetime | None
    expires_at: datetime | None
    is_renewed: bool
    is_own: bool
    is_shared: bool
    scopes: list[str]
    missing_scopes: list[str]
    holder: str | None
    checked: str | None
    checked_at: datetime | None


class EndedOut(Answer):
    """A connection that ended. `at_provider` says in words what became of it there."""

    id: str
    provider: str
    name: str
    state: str
    ended_at: datetime
    at_provider: str


@router.get("")
async def list_all(runtime: Rt, caller: Acting) -> list[ConnectionOut]:
    """One's live connections and those that others share; an identity sees those that are granted to it."""
    found = await runtime.store.read(lambda view: visible_connections(view, caller=caller))
    return [connection_out(one, is_own=one.principal_id == caller.principal_id) for one in found]


@router.get("/ended")
async def list_ended(runtime: Rt, caller: ActingPrincipal) -> list[EndedOut]:
    """One's connections that ended last, and what their providers said to that."""
    found = await runtime.store.read(lambda view: ended_lately(view, caller.require_principal()))
    return [_ended_out(one) for one in found]


@router.post("", status_code=201, responses=refusals(*MAKING))
async def make(body: NewConnection, runtime: Rt, caller: ActingPrincipal) -> ConnectionOut:
    """Connect a provider with a key, of one text or several, in one step."""
    made = await connect_with_key(
        runtime.store,
        runtime.keeper,
        caller=caller,
        provider=body.provider,
        name=body.name,
        key=body.given(),
    )
    return connection_out(made)


@router.post("/{connection_id}/default", responses=refusals(*ENDING))
async def make_default(connection_id: Id, runtime: Rt, caller: ActingPrincipal) -> ConnectionOut:
    """Mean this one of one's connections to a provider where none is named."""
    return connection_out(
        await runtime.store.write(caller, lambda work: choose_default(work, connection_id=connection_id))
    )


@router.post("/{connection_id}/check", responses=refusals(*ENDING, TooManyTests))
async def check(connection_id: Id, runtime: Rt, caller: ActingPrincipal) -> ConnectionOut:
    """Ask its provider whether it takes one's own connection, and whose account it is."""
    return connection_out(await check_connection(runtime, caller, connection_id=connection_id))


@router.post("/{connection_id}/unshare", responses=refusals(ConnectionMissing, ConnectionNotShared))
async def take_back(connection_id: Id, runtime: Rt, caller: ActingPrincipal) -> ConnectionOut:
    """End the sharing of one's own connection or, as an admin, of anybody's. Sharing is done on a page."""
    taken = await runtime.store.write(caller, lambda work: unshare(work, connection_id=connection_id))
    return connection_out(taken, is_own=taken.principal_id == caller.principal_id)


@router.post("/{connection_id}/revoke", status_code=204, responses=refusals(*ENDING))
async def end_for_good(connection_id: Id, runtime: Rt, caller: ActingPrincipal) -> None:
    """Stop a connection for good, one's own or, as an admin, anybody's.

    Where the provider has an address for that, it is asked in the background to take the tokens back.
    """
    await runtime.store.write(caller, lambda work: revoke(work, runtime.keeper, connection_id=connection_id))


@router.post("/{connection_id}/log-out", status_code=204, responses=refusals(*ENDING))
async def put_away(connection_id: Id, runtime: Rt, caller: ActingPrincipal) -> None:
    """End one's own connection and forget its secret here."""
    await runtime.store.write(caller, lambda work: log_out(work, connection_id=connection_id))


def _ended_out(one: Ended) -> EndedOut:
    connection = one.connection
    return EndedOut(
        id=connection.id,
        provider=connection.provider,
        name=connection.name,
        state=connection.state.value,
        ended_at=connection.ended_at or connection.created_at,
        at_provider=one.words,
    )


def connection_out(connection: Connection, *, is_own: bool = True) -> ConnectionOut:
    """What may be said of a connection."""
    return ConnectionOut(
        id=connection.id,
        provider=connection.provider,
        name=connection.name,
        flow=connection.flow.value,
        state=connection.words.replace(" ", "_"),
        problem=BROKEN_WORDS[connection.reason] if connection.reason else None,
        is_default=connection.is_default,
        created_at=connection.created_at,
        first_used_at=connection.first_used_at,
        expires_at=connection.expires_at,
        is_renewed=connection.is_refreshable,
        is_own=is_own,
        is_shared=connection.is_shared,
        scopes=list(connection.scopes_held),
        missing_scopes=list(connection.scopes_missing),
        holder=connection.holder,
        checked=connection.check_outcome.value if connection.check_outcome else None,
        checked_at=connection.checked_at,
    )
