"""One request for a page: who looks, what the forms on it must bring back, and how it is answered.

The session cookie is HttpOnly, so that no script reads it, and SameSite=Lax: it is not sent along with
another site's forms, and still with a link. Strict would withhold it from links too, and a claim link opened
from a terminal or a message would ask people who are signed in to sign in again.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from authsome.kit.caller import Caller, Surface
from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret
from authsome.principal.confirm import confirm
from authsome.principal.errors import HasherBusy, LoginRefused, SessionMissing, TooManyAttempts
from authsome.principal.model import Principal
from authsome.principal.session import principal_of_token
from authsome.runtime.runtime import Runtime
from authsome.server.address import address_of
from authsome.server.csrf import FIELD, check_sender, check_token, form_token
from authsome.server.errors import STATUS
from authsome.server.forms import Fields, read_fields
from authsome.server.guard import authority_of
from authsome.server.state import Rt
from authsome.server.web import paths
from authsome.server.web.pages import Frame, Notice, Page, Visitor

LONGEST_COOKIE = 128
FORM_COOKIE_BYTES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A stranger's request, or anybody's for a page that needs no session.

    `bound_to` is what the tokens of its forms are bound to. `new_cookie` is set with the answer.
    """

    request: Request
    runtime: Runtime
    bound_to: str
    new_cookie: str | None = None

    @property
    def visitor(self) -> Visitor | None:
        return None

    def show(self, page: Page, *, error: AuthsomeError | None = None, notice: str | None = None) -> Response:
        """The page as an answer; with the status of `error`, if it says what was refused."""
        frame = Frame(
            installation=urlsplit(self.runtime.config.base_url).netloc,
            csrf=form_token(self.runtime.installation_key, self.bound_to),
            visitor=self.visitor,
            notice=Notice(text=notice) if notice else None,
        )
        answer = HTMLResponse(page.html(frame), STATUS[error.kind] if error else 200)
        if error is not None:
            answer.headers["X-Authsome-Error"] = error.code
        if self.new_cookie is not None:
            set_cookie(answer, form_cookie_name(self.base_url), self.new_cookie, base_url=self.base_url)
        return answer

    @property
    def base_url(self) -> str:
        return self.runtime.config.base_url

    def check(self, fields: Fields) -> None:
        """Raises `FormForeign`."""
        scheme = urlsplit(self.base_url).scheme
        check_sender(self.request.headers, f"{scheme}://{authority_of(self.base_url)}")
        check_token(self.runtime.installation_key, self.bound_to, fields.raw(FIELD))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInVisit(Visit):
    """The request of a principal's browser."""

    principal: Principal
    caller: Caller

    @property
    def visitor(self) -> Visitor:
        return Visitor(
            name=self.principal.display_name or self.principal.email, is_admin=self.caller.is_admin
        )


# A password given again that does not confirm: the form is shown once more, and nothing has changed.
REFUSALS = (LoginRefused, TooManyAttempts, HasherBusy)


async def confirmed(visit: SignedInVisit, fields: Fields, *, field: str = "password") -> Caller:
    """The caller, after the password in the form was checked. Raises one of `REFUSALS`."""
    runtime = visit.runtime
    return await confirm(
        runtime.store,
        runtime.hasher,
        runtime.limits,
        caller=visit.caller,
        password=fields.secret(field),
        address=address_of(visit.runtime, visit.request),
        server=runtime.server,
    )


async def a_visit(request: Request, runtime: Rt) -> Visit:
    """Whoever it is. The form cookie is made where there is none."""
    return visit_of_stranger(request, runtime)


async def a_form(request: Request, visit: Annotated[Visit, Depends(a_visit)]) -> Fields:
    """The fields of a form for strangers, which is ours. Raises `FormForeign` or `InputInvalid`."""
    fields = await read_fields(request)
    visit.check(fields)
    return fields


async def a_signed_in_visit(request: Request, runtime: Rt) -> SignedInVisit:
    """A principal's. Raises `SessionMissing`, which the page of refusals answers with the log-in."""
    token = session_cookie(request, runtime)
    if token is None:
        raise SessionMissing
    session, principal = await runtime.store.read(lambda view: principal_of_token(view, token))
    visit = SignedInVisit(
        request=request,
        runtime=runtime,
        bound_to=f"session:{session.id}",
        principal=principal,
        caller=principal.as_caller(session_id=session.id, surface=Surface.PAGE),
    )
    request.state.visit, request.state.caller = visit, visit.caller
    return visit


async def an_admins_visit(visit: Annotated[SignedInVisit, Depends(a_signed_in_visit)]) -> SignedInVisit:
    """An admin's. Raises `AdminRequired`."""
    visit.caller.require_admin()
    return visit


async def a_signed_in_form(
    request: Request, visit: Annotated[SignedInVisit, Depends(a_signed_in_visit)]
) -> Fields:
    """The fields of a principal's form, which is ours. Raises `FormForeign` or `InputInvalid`."""
    fields = await read_fields(request)
    visit.check(fields)
    return fields


def visit_of_stranger(request: Request, runtime: Runtime) -> Visit:
    """A visit bound to the browser's form cookie, or to a new one."""
    held = request.cookies.get(form_cookie_name(runtime.config.base_url), "")
    if held and len(held) <= LONGEST_COOKIE:
        return Visit(request=request, runtime=runtime, bound_to=f"form:{held}")
    made = base64.urlsafe_b64encode(runtime.entropy.bytes(FORM_COOKIE_BYTES)).decode()
    return Visit(request=request, runtime=runtime, bound_to=f"form:{made}", new_cookie=made)


def session_cookie(request: Request, runtime: Runtime) -> Secret | None:
    """The SECRET that a browser holds, if it has the length of one."""
    token = request.cookies.get(cookie_name(runtime.config.base_url))
    return Secret(token) if token and len(token) <= LONGEST_COOKIE else None


def cookie_name(base_url: str) -> str:
    """On HTTPS the name itself forbids a Domain and demands Secure (RFC 6265bis §4.1.3)."""
    return "__Host-authsome" if base_url.startswith("https:") else "authsome"


def form_cookie_name(base_url: str) -> str:
    """The cookie to which forms before the log-in are bound."""
    return f"{cookie_name(base_url)}-form"


def set_cookie(answer: Response, name: str, value: str, *, base_url: str) -> None:
    """A cookie for this host that ends with the browser. What it stands for ends on the server by itself."""
    is_https = base_url.startswith("https:")
    answer.set_cookie(name, value, path="/", httponly=True, samesite="lax", secure=is_https)


def drop_cookie(answer: Response, name: str, *, base_url: str) -> None:
    is_https = base_url.startswith("https:")
    answer.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=is_https)


def go(path: str) -> Response:
    """Look there next, with a GET, whatever this was. `path` is one of ours."""
    return RedirectResponse(path, 303)


def log_in_first(address: str) -> str:
    """The log-in page that leads back to `address`, a path with its query."""
    return f"{paths.LOG_IN}?next={quote(address, safe='')}"


def same_site(address: str) -> str:
    """`address` if it is a path on this server, else the overview: a way back comes from the request.

    `//host`, `/\\host` and what a browser makes of them by dropping tabs and line ends lead elsewhere.
    """
    plain = address.isprintable() and address.isascii() and "\\" not in address and " " not in address
    if not plain or len(address) > 1_000 or not address.startswith("/") or address.startswith("//"):
        return paths.OVERVIEW
    return address


AnyVisit = Annotated[Visit, Depends(a_visit)]
AnyForm = Annotated[Fields, Depends(a_form)]
SignedIn = Annotated[SignedInVisit, Depends(a_signed_in_visit)]
Admin = Annotated[SignedInVisit, Depends(an_admins_visit)]
SignedInForm = Annotated[Fields, Depends(a_signed_in_form)]
