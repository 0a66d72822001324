"""One connection: how it stands, and everything that can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.auth_session.errors import TooManyAuthSessions
from authsome.auth_session.start import start
from authsome.connection.arrange.choose_default import choose_default
from authsome.connection.arrange.share import share
from authsome.connection.checking.model import CHECK_WORDS
from authsome.connection.errors import (
    ConnectionEnded,
    ConnectionMissing,
    ConnectionNotShared,
    ConnectionTaken,
    FlowUnavailable,
    OAuthClientMissing,
    TooManyShared,
)
from authsome.connection.log_out import log_out
from authsome.connection.model import Connection, Flow
from authsome.connection.revoke import revoke
from authsome.grant.ports import GrantWork
from authsome.grant.unshare import unshare
from authsome.kit.caller import AdminRequired
from authsome.runtime.providers.check import check_connection
from authsome.runtime.providers.probe import TooManyTests
from authsome.server.forms import Fields, id_or_nothing, refused
from authsome.server.routes.ui.connected.listing import Held, badge, beside, display_name, hosts, problem
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed, go
from authsome.server.web import paths
from authsome.server.web.pages import Acts, ConnectionPage, Form
from authsome.vault.seal import Keeper

router = APIRouter(include_in_schema=False)

ADDRESS = f"{paths.CONNECTIONS}/{{connection_id}}"
NOTICES = {
    "check": "The provider was asked. What it said stands below.",
    "default": "This is the one that is meant from now on where only the provider is named.",
    "share": "It is shared. Everybody can give it to their agents now.",
    "unshare": "It is its owner's alone again. Agents of others lose it from their next request on.",
}
REFUSED = (
    ConnectionMissing,
    ConnectionEnded,
    ConnectionNotShared,
    ConnectionTaken,
    TooManyShared,
    TooManyAuthSessions,
    FlowUnavailable,
    OAuthClientMissing,
    AdminRequired,
)
Act = Callable[..., Connection]


@dataclass(frozen=True, slots=True)
class Seen:
    """A connection, with what is shown beside it."""

    connection: Connection
    held: Held
    same_holder: tuple[str, ...] = ()


@router.get(ADDRESS)
async def show(connection_id: str, visit: SignedIn, done: str = "") -> Response:
    """The connection, for its owner, for everybody where it is shared."""
    return visit.show(_page(visit, await _see(visit, connection_id)), notice=NOTICES.get(done))


@router.post(f"{ADDRESS}/reconnect")
async def reconnect(connection_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Begin connecting it anew in its place."""
    seen = await _see(visit, connection_id)
    one = seen.connection
    try:
        _, token = await visit.runtime.store.write(
            visit.caller,
            lambda work: start(
                work,
                provider=one.provider,
                name=one.name,
                flow=one.flow,
                scopes=one.scopes_asked or None,
                in_place=True,
            ),
        )
    except REFUSED as error:
        page = _page(visit, seen)
        form = refused(Form(action=_action(one, "reconnect")), error)
        return visit.show(replace(page, acts=replace(page.acts, reconnect=form)), error=error)
    return go(f"/connect/{token.reveal()}")


@router.post(f"{ADDRESS}/check")
async def ask_provider(connection_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Ask its provider whether it takes it."""
    seen = await _see(visit, connection_id)
    one = seen.connection
    try:
        await check_connection(visit.runtime, visit.caller, connection_id=one.id)
    except TooManyTests as error:
        page, form = _page(visit, seen), refused(Form(action=_action(one, "check")), error)
        return visit.show(replace(page, acts=replace(page.acts, check=form)), error=error)
    return go(f"{paths.connection(one.id)}?done=check")


@router.post(f"{ADDRESS}/default")
async def mean(connection_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Make it the default."""
    return await _do(visit, connection_id, fields, "default", choose_default)


@router.post(f"{ADDRESS}/share")
async def lend(connection_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Share it, with the password."""
    return await _do(visit, connection_id, fields, "share", share, asks=True)


@router.post(f"{ADDRESS}/unshare")
async def take_back(connection_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Take it back."""
    return await _do(visit, connection_id, fields, "unshare", unshare)


@router.post(f"{ADDRESS}/log-out")
async def put_away(connection_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Forget its secret here."""
    return await _do(
        visit, connection_id, fields, "log_out", log_out, to=f"{paths.CONNECTIONS}?done=logged-out"
    )


@router.post(f"{ADDRESS}/revoke")
async def end(connection_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Stop it for good, with the password."""
    act, to = partial(_revoke, visit.runtime.keeper), f"{paths.CONNECTIONS}?done=revoked"
    return await _do(visit, connection_id, fields, "revoke", act, asks=True, to=to)


def _revoke(keeper: Keeper, work: GrantWork, *, connection_id: str) -> Connection:
    return revoke(work, keeper, connection_id=connection_id)


async def _do(
    visit: SignedInVisit,
    connection_id: str,
    fields: Fields,
    name: str,
    act: Act,
    *,
    asks: bool = False,
    to: str = "",
) -> Response:
    """Do it and say so, or show the page again with what was wrong. Raises `ConnectionMissing`."""
    seen = await _see(visit, connection_id)
    page, form = _page(visit, seen), Form(action=_action(seen.connection, name))

    def body(work: GrantWork) -> Connection:
        return act(work, connection_id=seen.connection.id)

    try:
        caller = await confirmed(visit, fields) if asks else visit.caller
        await visit.runtime.store.write(caller, body)
    except (*REFUSALS, *REFUSED) as error:
        at = "password" if isinstance(error, REFUSALS) else None
        acts = replace(page.acts, **{name: refused(form, error, at=at)})
        return visit.show(replace(page, acts=acts), error=error)
    return go(to or f"{paths.connection(seen.connection.id)}?done={name}")


async def _see(visit: SignedInVisit, connection_id: str) -> Seen:
    """Raises `ConnectionMissing`, also for somebody else's that is not shared."""
    wanted = id_or_nothing(connection_id)

    def look(view: GrantWork) -> Seen:
        one = view.connections.find(wanted)
        reach = one is not None and (one.principal_id == visit.principal.id or one.is_shared)
        if one is None or not reach or not one.is_live:
            raise ConnectionMissing
        return Seen(one, beside(view, [one], visit.principal.id), _same_holder(view, one))

    return await visit.runtime.store.read(look)


def _same_holder(view: GrantWork, one: Connection) -> tuple[str, ...]:
    """Other connections of its owner to the very account: said, so that nobody takes them for two."""
    if one.holder is None:
        return ()
    siblings = view.connections.list_live(one.principal_id, provider=one.provider)
    return tuple(other.reference for other in siblings if other.holder == one.holder and other.id != one.id)


def _page(visit: SignedInVisit, seen: Seen) -> ConnectionPage:
    one, held = seen.connection, seen.held
    return ConnectionPage(
        provider=display_name(held.providers, one.provider),
        name=one.name,
        state=badge(one),
        problem=problem(one),
        again=f"authsome login {one.provider} --connection {one.name}" if _by_terminal(one) else "",
        is_key=one.flow is Flow.API_KEY,
        provider_page=paths.provider(one.provider) if one.provider in held.providers else None,
        hosts=hosts(held.providers, one.provider),
        agents=held.agents.get(one.id, 0),
        is_own=one.principal_id == visit.principal.id,
        is_default=one.is_default,
        holder=one.holder,
        same_holder=seen.same_holder if one.principal_id == visit.principal.id else (),
        checked=CHECK_WORDS[one.check_outcome] if one.check_outcome else "",
        checked_at=one.checked_at,
        scopes=one.scopes_held,
        missing=one.scopes_missing,
        expires_at=None if one.is_refreshable else one.expires_at,
        export=paths.export_connection(one.id) if one.principal_id == visit.principal.id else None,
        shared_at=one.shared_at,
        created_at=one.created_at,
        first_used_at=one.first_used_at,
        acts=_acts(visit, one),
    )


def _by_terminal(one: Connection) -> bool:
    """Whether the terminal connects it again too: there a key that works is never overwritten."""
    return one.flow is not Flow.API_KEY or not one.is_usable


def _acts(visit: SignedInVisit, one: Connection) -> Acts:
    is_own, is_admin = one.principal_id == visit.principal.id, visit.caller.is_admin

    def form(name: str, *, when: bool) -> Form | None:
        return Form(action=_action(one, name)) if when else None

    return Acts(
        check=form("check", when=is_own and one.is_usable),
        reconnect=form("reconnect", when=is_own),
        default=form("default", when=is_own and not one.is_default),
        share=form("share", when=is_own and is_admin and not one.is_shared),
        unshare=form("unshare", when=one.is_shared and (is_own or is_admin)),
        log_out=form("log_out", when=is_own),
        revoke=form("revoke", when=is_own or is_admin),
    )


def _action(one: Connection, name: str) -> str:
    return f"{paths.connection(one.id)}/{name.replace('_', '-')}"
