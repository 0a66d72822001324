"""Connect a provider by its own page: send the person there, and take what they come back with."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from authsome.auth_session.come_back import Answer, come_back
from authsome.auth_session.depart import Departure, depart
from authsome.auth_session.errors import AnswerForeign
from authsome.auth_session.model import FAILED_WORDS, AuthSession, AuthSessionState
from authsome.connection.by_address.again import replace_expired
from authsome.connection.errors import OAuthClientMissing
from authsome.connection.oauth.client import CALLBACK
from authsome.kit.secret import Secret
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.provider.oauth import OAuth
from authsome.runtime.oauth.authorization import authorization_url
from authsome.runtime.oauth.parts import parts_of
from authsome.server.forms import refused, sentence
from authsome.server.visit import SignedIn, SignedInVisit
from authsome.server.web import paths
from authsome.server.web.pages import ArrivalPage, AuthorizePage, DeparturePage, Form

router = APIRouter(include_in_schema=False)

LONGEST = 4096
KNOWN = ("state", "code", "error", "iss")


def authorize_page(session: AuthSession, provider: Provider, oauth: OAuth, *, form: Form) -> AuthorizePage:
    """Asks before anybody is sent away."""
    return AuthorizePage(
        form=form,
        provider=provider.display_name,
        connection=session.connection_name,
        asks_at=oauth.asks_at,
        scopes=session.scopes,
        hosts=tuple(str(host) for host in provider.hosts),
        expires_at=session.expires_at,
        is_again=session.reauthorizes is not None,
    )


async def send_away(
    visit: SignedInVisit, token: Secret, provider: Provider, *, page: AuthorizePage
) -> Response:
    """Send the browser to the provider.

    By a page of ours that moves on, and not by a redirect: the policy lets forms lead nowhere else, and
    browsers hold redirects of a form to it.
    """
    runtime = visit.runtime
    await replace_expired(runtime.by_address, server=runtime.server, provider=provider)
    try:
        departure = await runtime.store.write(
            visit.caller, lambda work: depart(work, runtime.installation_key, token=token)
        )
    except OAuthClientMissing as error:
        return visit.show(replace(page, form=refused(page.form, error)), error=error)
    url = _url(visit, departure)
    shown = DeparturePage(provider=page.provider, asks_at=page.asks_at, url=url)
    answer = visit.show(shown)
    answer.headers["Refresh"] = f"0;url={url}"
    return answer


@router.get(CALLBACK)
async def arrive(request: Request, visit: SignedIn) -> Response:
    """What the provider sent back with the person. A GET that changes something: RFC 6749 has it so."""
    parts = parts_of(visit.runtime)
    session = await come_back(parts, caller=visit.caller, answer=_answer(request))
    return await show_arrival(visit, session)


def _answer(request: Request) -> Answer:
    """Raises `AnswerForeign` for what no provider sends: a parameter twice (RFC 6749 §3.1), or none."""
    given = [(name, value) for name, value in request.query_params.multi_items() if name in KNOWN]
    twice = [name for name, times in Counter(name for name, _ in given).items() if times > 1]
    values = dict(given)
    if twice or not values.get("state") or any(len(value) > LONGEST for value in values.values()):
        raise AnswerForeign
    code = values.get("code")
    return Answer(
        state=Secret(values["state"]),
        code=Secret(code) if code else None,
        error=values.get("error"),
        issuer=values.get("iss"),
    )


async def show_arrival(visit: SignedInVisit, session: AuthSession) -> Response:
    """What came of it, and what to do next."""
    begin = None
    try:
        provider = await visit.runtime.store.read(lambda view: get_provider(view, session.provider))
        begin = paths.begin_again(provider.name)
        name, hosts = provider.display_name, tuple(str(host) for host in provider.hosts)
    except ProviderMissing:
        name, hosts = session.provider, ()
    what, next_step = _how(session)
    page = ArrivalPage(
        provider=name,
        connection=session.connection_name,
        hosts=hosts,
        is_again=session.reauthorizes is not None,
        problem=sentence(what),
        next_step=sentence(next_step),
        command=f"authsome login {session.provider} --connection {session.connection_name}",
        begin=begin,
    )
    return visit.show(page)


def _how(session: AuthSession) -> tuple[str, str]:
    """What happened and what to do; nothing where it is connected."""
    if session.state is AuthSessionState.COMPLETED:
        return "", ""
    if session.reason is not None:
        return FAILED_WORDS[session.reason]
    if session.state is AuthSessionState.CANCELLED:
        return "It was called off, and nothing was stored", "begin again if you like"
    return "Nobody finished it in time", "begin again"


def _url(visit: SignedInVisit, departure: Departure) -> str:
    return authorization_url(departure, redirect_uri=visit.base_url + CALLBACK)
