"""Become a principal with a one-time link: the first with the set-up link, others with an invitation."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.kit.caller import Surface
from authsome.kit.errors import AuthsomeError, InputInvalid
from authsome.kit.secret import Secret
from authsome.principal.errors import EmailTaken, HasherBusy, PasswordWeak
from authsome.principal.invite import check_link
from authsome.principal.log_in import open_browser_session
from authsome.principal.model import Invitation, LinkKind, check_display_name, normal_email
from authsome.principal.password import SHORTEST
from authsome.principal.ports import PrincipalWork
from authsome.principal.register import register
from authsome.server.forms import Fields, refused
from authsome.server.routes.ui.log_in import signed_in
from authsome.server.visit import AnyForm, AnyVisit, Visit
from authsome.server.web import paths
from authsome.server.web.pages import Form, InvitationPage, SetUpPage

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that is good, and who made it, by the name that is shown for them."""

    token: Secret
    invitation: Invitation
    invited_by: str | None


@router.get("/set-up/{token}")
async def ask_first(token: str, visit: AnyVisit) -> Response:
    """The form for the first principal."""
    return await _ask(visit, token, LinkKind.SET_UP)


@router.post("/set-up/{token}")
async def join_first(token: str, visit: AnyVisit, fields: AnyForm) -> Response:
    """Make the first principal, an admin, and sign them in."""
    return await _join(visit, token, LinkKind.SET_UP, fields=fields)


@router.get("/invitation/{token}")
async def ask_invited(token: str, visit: AnyVisit) -> Response:
    """The form for somebody who was invited."""
    return await _ask(visit, token, LinkKind.INVITATION)


@router.post("/invitation/{token}")
async def join_invited(token: str, visit: AnyVisit, fields: AnyForm) -> Response:
    """Make a principal with the role of the invitation, and sign them in."""
    return await _join(visit, token, LinkKind.INVITATION, fields=fields)


async def _ask(visit: Visit, token: str, kind: LinkKind) -> Response:
    opened = await _open(visit, Secret(token), kind)
    return visit.show(_page(opened, _form(opened)))


async def _join(visit: Visit, token: str, kind: LinkKind, *, fields: Fields) -> Response:
    opened = await _open(visit, Secret(token), kind)
    form = replace(_form(opened), sent=fields.again("email", "display_name"))
    faults = _faults(fields)
    for at, error in faults.items():
        form = refused(form, error, at=at)
    if faults:
        return visit.show(_page(opened, form), error=next(iter(faults.values())))
    runtime = visit.runtime
    try:
        principal = await register(
            runtime.store,
            runtime.hasher,
            runtime.server,
            link=opened.token,
            email=fields.text("email"),
            password=fields.secret("password"),
            display_name=fields.text("display_name"),
        )
    except EmailTaken as error:
        return visit.show(_page(opened, refused(form, error, at="email")), error=error)
    except PasswordWeak as error:
        return visit.show(_page(opened, refused(form, error, at="password")), error=error)
    except HasherBusy as error:
        return visit.show(_page(opened, refused(form, error)), error=error)
    caller = principal.as_caller(surface=Surface.PAGE)
    _, session_token = await runtime.store.write(caller, lambda work: open_browser_session(work, principal))
    return await signed_in(visit, session_token, to=paths.OVERVIEW)


def _faults(fields: Fields) -> dict[str, AuthsomeError]:
    """All that is wrong with the texts, at once, so that nobody corrects one only to hear of the next."""
    faults: dict[str, AuthsomeError] = {}
    for name, check in (("email", normal_email), ("display_name", check_display_name)):
        try:
            check(fields.text(name))
        except InputInvalid as error:
            faults[name] = error
    if fields.secret("password") != fields.secret("password_again"):
        faults["password_again"] = InputInvalid("the two passwords are not the same")
    return faults


async def _open(visit: Visit, token: Secret, kind: LinkKind) -> Opened:
    def look(view: PrincipalWork) -> Opened:
        invitation = check_link(view, token, (kind,))
        inviter = view.principals.find(invitation.created_by) if invitation.created_by else None
        return Opened(token, invitation, (inviter.display_name or inviter.email) if inviter else None)

    return await visit.runtime.store.read(look)


def _form(opened: Opened) -> Form:
    start = "/set-up/" if opened.invitation.kind is LinkKind.SET_UP else "/invitation/"
    return Form(action=start + opened.token.reveal())


def _page(opened: Opened, form: Form) -> SetUpPage | InvitationPage:
    link = opened.invitation
    if link.kind is LinkKind.SET_UP:
        return SetUpPage(form=form, expires_at=link.expires_at, password_min=SHORTEST)
    return InvitationPage(
        form=form,
        role=link.role.value,
        invited_by=opened.invited_by,
        expires_at=link.expires_at,
        password_min=SHORTEST,
    )
