"""The page of an auth session: type a provider's key, or go to the provider's own page."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.auth_session.cancel import cancel
from authsome.auth_session.complete import submit_key
from authsome.auth_session.errors import AuthSessionGone
from authsome.auth_session.find import ended_session, open_session
from authsome.auth_session.model import AuthSession
from authsome.connection.errors import KeyInvalid, TooManyConnections
from authsome.connection.model import Flow
from authsome.kit.errors import InputInvalid
from authsome.kit.secret import Secret
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.server.forms import Fields, refused
from authsome.server.routes.ui.connecting.authorize import authorize_page, send_away, show_arrival
from authsome.server.routes.ui.connecting.device import device_page, get_code, show_device
from authsome.server.routes.ui.connecting.own_client import ask_as_client, own_client_page
from authsome.server.visit import SignedIn, SignedInForm, SignedInVisit
from authsome.server.web import paths
from authsome.server.web.pages import (
    AuthorizePage,
    Decision,
    DevicePage,
    Form,
    KeyEntryPage,
    KeyEntryResultPage,
    KeyInput,
    OwnClientPage,
)

router = APIRouter(include_in_schema=False)


@router.get("/connect/{token}")
async def ask(token: str, visit: SignedIn) -> Response:
    """The form for the key, or where the person is about to be sent."""
    try:
        session, provider = await _open(visit, Secret(token))
    except AuthSessionGone:
        return await _how_it_ended(visit, Secret(token))
    page = _asking(session, provider, Form(action=f"/connect/{token}"))
    return show_device(visit, page) if isinstance(page, DevicePage) else visit.show(page)


@router.post("/connect/{token}")
async def connect(token: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Seal the key, go to the provider, or call it off. What was typed is never part of an answer."""
    runtime, link = visit.runtime, Secret(token)
    session, provider = await _open(visit, link)
    page = _asking(session, provider, Form(action=f"/connect/{token}"))
    decision = fields.raw("decision")
    if decision == "cancel":
        await runtime.store.write(visit.caller, lambda work: cancel(work, session_id=session.id))
        return visit.show(_result(session, provider, Decision.REJECTED))
    if decision != "connect":
        error = InputInvalid("choose to connect or to cancel")
        return visit.show(replace(page, form=refused(page.form, error)), error=error)
    if isinstance(page, AuthorizePage):
        return await send_away(visit, link, provider, page=page)
    if isinstance(page, OwnClientPage):
        return await ask_as_client(visit, session)
    if isinstance(page, DevicePage):
        return await get_code(visit, session, provider, form=page.form)
    return await _seal(visit, link, fields, session, provider, page)


def _asking(
    session: AuthSession, provider: Provider, form: Form
) -> AuthorizePage | OwnClientPage | DevicePage | KeyEntryPage:
    """What the person is asked, by the flow."""
    if provider.oauth is not None and session.flow is Flow.AUTHORIZATION_CODE:
        return authorize_page(session, provider, provider.oauth, form=form)
    if provider.oauth is not None and session.flow is Flow.CLIENT_CREDENTIALS:
        return own_client_page(session, provider, provider.oauth, form=form)
    if session.flow is Flow.DEVICE_CODE:
        return device_page(session, provider, form=form)
    return _page(session, provider, form=form)


async def _seal(
    visit: SignedInVisit,
    link: Secret,
    fields: Fields,
    session: AuthSession,
    provider: Provider,
    page: KeyEntryPage,
) -> Response:
    runtime = visit.runtime
    names = _input_names(provider)
    given = {name: fields.secret(sent_as) for name, sent_as in names.items()}
    try:
        await submit_key(runtime.store, runtime.keeper, caller=visit.caller, token=link, key=given)
    except KeyInvalid as wrong:
        seen = [one.sent_as for one in page.inputs if not one.secret]
        form = replace(page.form, sent=fields.again(*seen))
        at = names.get(wrong.field or "")
        return visit.show(replace(page, form=refused(form, wrong, at=at)), error=wrong)
    except TooManyConnections as full:
        return visit.show(replace(page, form=refused(page.form, full)), error=full)
    return visit.show(_result(session, provider, Decision.ACCEPTED))


async def _how_it_ended(visit: SignedInVisit, token: Secret) -> Response:
    """A code is used elsewhere, so its own page has to say so. Raises `AuthSessionGone` for other flows."""
    view_of = visit.runtime.store.read
    session = await view_of(lambda view: ended_session(view, caller=visit.caller, token=token))
    if session.flow is not Flow.DEVICE_CODE:
        raise AuthSessionGone
    return await show_arrival(visit, session)


async def _open(visit: SignedInVisit, token: Secret) -> tuple[AuthSession, Provider]:
    """Raises `AuthSessionGone`, also for somebody else's link."""
    store = visit.runtime.store
    session = await store.read(lambda view: open_session(view, caller=visit.caller, token=token))
    return session, await store.read(lambda view: get_provider(view, session.provider))


def _input_names(provider: Provider) -> dict[str, str]:
    """How the form calls each field: `key` where there is one, else `key-` and its name."""
    fields = provider.key_fields
    return {one.name: "key" if len(fields) == 1 else f"key-{one.name}" for one in fields}


def _page(session: AuthSession, provider: Provider, *, form: Form) -> KeyEntryPage:
    names = _input_names(provider)
    return KeyEntryPage(
        form=form,
        provider=provider.display_name,
        connection=session.connection_name,
        inputs=tuple(KeyInput(names[one.name], one.label, one.secret) for one in provider.key_fields),
        docs_url=provider.key_url or provider.documentation_url or "",
        hosts=tuple(str(host) for host in provider.hosts),
        expires_at=session.expires_at,
        is_again=session.reauthorizes is not None,
    )


def _result(session: AuthSession, provider: Provider, decision: Decision) -> KeyEntryResultPage:
    return KeyEntryResultPage(
        decision=decision,
        provider=provider.display_name,
        connection=session.connection_name,
        hosts=tuple(str(host) for host in provider.hosts),
        is_again=session.reauthorizes is not None,
        command=f"authsome login {provider.name} --connection {session.connection_name}",
        begin=paths.begin_again(provider.name),
    )
