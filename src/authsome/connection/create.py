"""Make a connection."""

from __future__ import annotations

from dataclasses import dataclass, replace

from authsome.connection.errors import ConnectionTaken, TooManyConnections
from authsome.connection.events import ConnectionCreated
from authsome.connection.flows import choose_flow
from authsome.connection.keys import Given, check_given, sealable
from authsome.connection.model import Connection, ConnectionState, Flow, check_name
from authsome.connection.oauth.tokens import NO_END, Life, Tokens
from authsome.connection.ports import ConnectionWork
from authsome.kit.secret import Secret
from authsome.provider.catalogue import spoken_of
from authsome.provider.find import get_provider
from authsome.vault.ensure import ensure_vault
from authsome.vault.model import Place
from authsome.vault.seal import Keeper

MOST_LIVE = 200


def create_connection(
    work: ConnectionWork, keeper: Keeper, *, provider: str, name: str, key: Given
) -> Connection:
    """Seal a principal's API key, of one field or several. The first live connection to a provider is its
    default.

    Only the principal themselves can give a key, whoever asked for it. Raises `KeyInvalid`,
    `ConnectionNameInvalid`, `ProviderMissing`, `FlowUnavailable`, `ConnectionTaken`, `TooManyConnections`.
    """
    work.caller.require_principal()
    known = get_provider(work, provider)
    choose_flow(known, Flow.API_KEY)
    what = Sealing(Flow.API_KEY, sealable(known, check_given(known, key)), NO_END)
    return _create(work, keeper, provider=provider, name=name, what=what)


def create_with_tokens(
    work: ConnectionWork,
    keeper: Keeper,
    *,
    provider: str,
    name: str,
    tokens: Tokens,
    life: Life,
    flow: Flow = Flow.AUTHORIZATION_CODE,
) -> Connection:
    """Seal what the provider gave, by its own page if nothing else is said. Raises as `create_connection`."""
    what = Sealing(flow, tokens.text(), life, asked=tokens.asked, held=tokens.scopes)
    return _create(work, keeper, provider=provider, name=name, what=what)


@dataclass(frozen=True, slots=True)
class Sealing:
    """What is about to be sealed, how it was got, how long it is good, and for what."""

    flow: Flow
    secret: Secret
    life: Life
    asked: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def _create(work: ConnectionWork, keeper: Keeper, *, provider: str, name: str, what: Sealing) -> Connection:
    principal_id, name = work.caller.require_principal(), check_name(name)
    known = get_provider(work, provider)
    provider = known.name
    siblings = check_free(work, principal_id=principal_id, provider=provider, name=name)
    vault, connection_id = ensure_vault(work, keeper, principal_id=principal_id), work.new_id("con")
    connection = Connection(
        id=connection_id,
        principal_id=principal_id,
        provider=provider,
        name=name,
        flow=what.flow,
        state=ConnectionState.CONNECTED,
        is_default=not siblings,
        vault_id=vault.id,
        sealed=keeper.seal(vault, Place("connection", connection_id, 1), what.secret),
        created_at=work.now,
        expires_at=what.life.expires_at,
        refresh_at=what.life.refresh_at,
        is_refreshable=what.life.is_refreshable,
        scopes_asked=what.asked,
        scopes_held=what.held,
        check_due=known.check is not None and what.flow is not Flow.API_KEY,
    )
    made = replace(connection, created_at=work.record(_created(connection)))
    work.connections.add(made)
    return made


def _created(connection: Connection) -> ConnectionCreated:
    return ConnectionCreated(
        connection_id=connection.id,
        principal_id=connection.principal_id,
        **spoken_of(connection.provider),
        flow=connection.flow,
        is_default=connection.is_default,
        vault_id=connection.vault_id,
        connection_name=connection.name,
    )


def check_free(view: ConnectionWork, *, principal_id: str, provider: str, name: str) -> list[Connection]:
    """The principal's live connections to a provider, none of which has this name.

    Raises `ConnectionTaken` or `TooManyConnections`.
    """
    live = view.connections.list_live(principal_id)
    siblings = [connection for connection in live if connection.provider == provider]
    if any(connection.name == name for connection in siblings):
        raise ConnectionTaken
    if len(live) >= MOST_LIVE:
        raise TooManyConnections
    return siblings
