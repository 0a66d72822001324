"""Sign in and out."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.kit.errors import AuthsomeError, InputInvalid
from authsome.kit.secret import Secret
from authsome.principal.errors import HasherBusy, LoginRefused, SessionMissing, TooManyAttempts
from authsome.principal.log_in import log_in
from authsome.principal.log_out import log_out
from authsome.principal.session import principal_of_token
from authsome.server.address import address_of
from authsome.server.forms import refused
from authsome.server.visit import (
    AnyForm,
    AnyVisit,
    SignedIn,
    SignedInForm,
    Visit,
    cookie_name,
    drop_cookie,
    form_cookie_name,
    go,
    same_site,
    session_cookie,
    set_cookie,
)
from authsome.server.web import paths
from authsome.server.web.pages import Form, LogInPage

router = APIRouter(include_in_schema=False)

REASONS = {
    "/claim/": "To claim an agent, sign in first.",
    "/connect/": "To connect a provider, sign in first.",
    "/sign-in": "To let a terminal in, sign in first.",
}
AFTER_RESET = f"{paths.LOG_IN}?done=reset"


@router.get(paths.LOG_IN)
async def ask(visit: AnyVisit, next: str = paths.OVERVIEW, done: str = "") -> Response:
    """The form; whoever is signed in already goes on at once."""
    address = same_site(next)
    if await _is_signed_in(visit):
        return go(address)
    notice = "The new password is set. Sign in with it." if done == "reset" else None
    return visit.show(log_in_page(address), notice=notice)


@router.post(paths.LOG_IN)
async def enter(visit: AnyVisit, fields: AnyForm) -> Response:
    """A new session, never the one that the browser came with: nobody can plant one to be signed in."""
    runtime, address = visit.runtime, same_site(fields.raw("next"))
    page = log_in_page(address, sent=fields.again("email"))

    def again(error: AuthsomeError, at: str | None = None) -> Response:
        form = refused(page.form, error, at=at)
        return visit.show(LogInPage(form=form, reason=page.reason), error=error)

    try:
        _, token = await log_in(
            runtime.store,
            runtime.hasher,
            runtime.limits,
            email=fields.text("email"),
            password=fields.secret("password"),
            address=address_of(visit.runtime, visit.request),
            server=runtime.server,
        )
    except InputInvalid as error:
        return again(error, "email")
    except (LoginRefused, TooManyAttempts, HasherBusy) as error:
        return again(error)
    return await signed_in(visit, token, to=address)


@router.post(paths.LOG_OUT)
async def leave(visit: SignedIn, _fields: SignedInForm) -> Response:
    """End the session, here and on the server."""
    await visit.runtime.store.write(visit.caller, log_out)
    answer = go(paths.LOG_IN)
    drop_cookie(answer, cookie_name(visit.base_url), base_url=visit.base_url)
    return answer


async def signed_in(visit: Visit, token: Secret, *, to: str) -> Response:
    """Go on with a session just made. The one that the browser had until now ends."""
    await _end_held_session(visit)
    answer = go(to)
    set_cookie(answer, cookie_name(visit.base_url), token.reveal(), base_url=visit.base_url)
    drop_cookie(answer, form_cookie_name(visit.base_url), base_url=visit.base_url)
    return answer


def log_in_page(address: str, *, sent: dict[str, str] | None = None, reason: str | None = None) -> LogInPage:
    """The log-in form that leads to `address`."""
    reason = reason or next((why for start, why in REASONS.items() if address.startswith(start)), None)
    return LogInPage(form=Form(action=paths.LOG_IN, sent=sent or {}, hidden={"next": address}), reason=reason)


async def _is_signed_in(visit: Visit) -> bool:
    token = session_cookie(visit.request, visit.runtime)
    if token is None:
        return False
    try:
        await visit.runtime.store.read(lambda view: principal_of_token(view, token))
    except SessionMissing:
        return False
    return True


async def _end_held_session(visit: Visit) -> None:
    held = session_cookie(visit.request, visit.runtime)
    if held is None:
        return
    try:
        session, principal = await visit.runtime.store.read(lambda view: principal_of_token(view, held))
    except SessionMissing:
        return
    await visit.runtime.store.write(principal.as_caller(session_id=session.id), log_out)
