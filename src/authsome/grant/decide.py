"""May this identity's request go to this host, and with which connection? The rule, and nothing else.

Pure: what an identity has goes in (`Standing`), a value comes out. Everything that could be out of date (who
claimed the identity, whether the connection still is, whose it is) is looked at again here, so an old grant
never opens anything: not after a release, not for the next owner of the same identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from authsome.connection.find import needs_reconnection
from authsome.connection.model import Connection
from authsome.grant.model import Grant, Reason
from authsome.grant.ports import GrantWork
from authsome.identity.model import UNCLAIMED, Identity, IdentityState
from authsome.provider.find import list_providers
from authsome.provider.match import covering
from authsome.provider.model import Provider


@dataclass(frozen=True, slots=True)
class Allowed:
    """The request passes, carrying this connection's secret in this provider's way.

    The answer is good before `until`, where there is such a moment: then the grant is over by itself.
    """

    connection: Connection
    provider: Provider
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """The request does not pass. `detail` and `hint` are for the agent to read and hold no secret."""

    reason: Reason
    detail: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an identity has: its live grants, the connections within its principal's reach, the providers.

    `now` is the moment that is asked about.
    """

    now: datetime
    identity: Identity
    grants: tuple[Grant, ...]
    connections: tuple[Connection, ...]
    providers: tuple[Provider, ...]


def standing_of(view: GrantWork, identity: Identity) -> Standing:
    """All of it, from one snapshot."""
    return _standing(view, identity, within_reach(view, identity.principal_id), list_providers(view))


def standing_at(view: GrantWork, identity: Identity, *, host: str, port: int) -> Standing:
    """What `decide` looks at for one host and port: nothing is fetched of providers that have no part in it.

    A principal may have hundreds of connections, and each request of each of their agents comes by here.
    """
    covered = covering(list_providers(view), host, port)
    connections = [
        connection
        for provider in covered
        for connection in within_reach(view, identity.principal_id, provider=provider.name)
    ]
    return _standing(view, identity, connections, covered)


def within_reach(
    view: GrantWork, principal_id: str | None, *, provider: str | None = None
) -> list[Connection]:
    """The live connections that a principal may give to their agents: their own, then what others share."""
    if principal_id is None:
        return []
    own = view.connections.list_live(principal_id, provider=provider)
    shared = view.connections.list_shared(provider=provider)
    return own + [connection for connection in shared if connection.principal_id != principal_id]


def _standing(
    view: GrantWork, identity: Identity, connections: Sequence[Connection], providers: Sequence[Provider]
) -> Standing:
    return Standing(
        now=view.now,
        identity=identity,
        grants=tuple(view.grants.list_live(identity_id=identity.id)),
        connections=tuple(connections),
        providers=tuple(providers),
    )


def decide(standing: Standing, *, host: str, port: int) -> Allowed | Denied:
    """Whether a request to a canonical host and port may pass, and with what."""
    identity = standing.identity
    if identity.state in UNCLAIMED:
        hint = "run `authsome onboard` and open the link it prints"
        return Denied(Reason.IDENTITY_UNCLAIMED, "nobody has claimed this identity, or it was released", hint)
    if identity.state is not IdentityState.CLAIMED or identity.principal_id is None:
        hint = "run `authsome onboard --new` to make another one"
        return Denied(Reason.IDENTITY_ENDED, "this identity was rejected or revoked", hint)
    providers = covering(standing.providers, host, port)
    if not providers:
        hint = "see the hosts that are covered with `authsome providers`"
        return Denied(Reason.HOST_NOT_COVERED, f"no provider covers {host} at port {port}", hint)
    if len(providers) > 1:
        names = ", ".join(provider.name for provider in providers)
        hint = "ask an admin to delete one of them"
        return Denied(Reason.HOST_UNCLEAR, f"{host} is claimed by several providers: {names}", hint)
    return _choose(standing, providers[0])


def _choose(standing: Standing, provider: Provider) -> Allowed | Denied:
    identity, principal_id = standing.identity, standing.identity.principal_id
    connections = [
        connection
        for connection in standing.connections
        if connection.provider == provider.name
        and connection.is_live
        and (connection.principal_id == principal_id or connection.is_shared)
    ]
    if not connections:
        hint = f"run `authsome login {provider.name}` and open the page it prints"
        return Denied(Reason.NOT_CONNECTED, f"{provider.display_name} is not connected", hint)
    given = {
        grant.connection_id: grant
        for grant in standing.grants
        if grant.is_live and grant.identity_id == identity.id and grant.principal_id == principal_id
    }
    granted = [one for one in connections if one.id in given and given[one.id].holds(standing.now)]
    if not granted:
        had = any(one.id in given for one in connections)
        return _not_granted(provider, Reason.GRANT_EXPIRED if had else Reason.NOT_GRANTED)
    if len(granted) > 1:
        mine = [connection for connection in granted if connection.principal_id == principal_id]
        granted = [connection for connection in mine if connection.is_default] or granted
    if len(granted) > 1:
        names = ", ".join(connection.reference for connection in granted)
        hint = "its principal can remove all but one with `authsome grants remove`"
        return Denied(Reason.CONNECTION_UNCLEAR, f"several connections are granted: {names}", hint)
    chosen = granted[0]
    if chosen.reason is not None:  # and not the next best: another connection is another account
        broken = needs_reconnection(chosen, chosen.reason)
        return Denied(Reason.NEEDS_RECONNECTION, broken.detail, broken.next_step)
    return Allowed(chosen, provider, given[chosen.id].expires_at)


def _not_granted(provider: Provider, reason: Reason) -> Denied:
    was = "may not use" if reason is Reason.NOT_GRANTED else "might use until a time that is over"
    hint = f"ask for it with `authsome access request {provider.name}`"
    return Denied(reason, f"this identity {was} {provider.display_name}", hint)
