"""Choose a new password with a one-time link."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.kit.errors import InputInvalid
from authsome.kit.secret import Secret
from authsome.principal.errors import HasherBusy, LinkInvalid, PasswordWeak
from authsome.principal.invite import check_link
from authsome.principal.model import Invitation, LinkKind, Principal
from authsome.principal.password import SHORTEST
from authsome.principal.ports import PrincipalWork
from authsome.principal.replace_password import reset_password
from authsome.server.forms import refused
from authsome.server.routes.ui.log_in import AFTER_RESET
from authsome.server.visit import AnyForm, AnyVisit, Visit, go
from authsome.server.web.pages import Form, PasswordResetPage

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that is good, and for whom."""

    invitation: Invitation
    principal: Principal


@router.get("/reset/{token}")
async def ask(token: str, visit: AnyVisit) -> Response:
    """The form for a new password."""
    opened = await _open(visit, Secret(token))
    return visit.show(_page(opened, Form(action=f"/reset/{token}")))


@router.post("/reset/{token}")
async def set_new(token: str, visit: AnyVisit, fields: AnyForm) -> Response:
    """Replace the password. All sessions end, so the next page is the log-in."""
    runtime, link = visit.runtime, Secret(token)
    opened = await _open(visit, link)
    form, password = Form(action=f"/reset/{token}"), fields.secret("password")
    if password != fields.secret("password_again"):
        error = InputInvalid("the two passwords are not the same")
        return visit.show(_page(opened, refused(form, error, at="password_again")), error=error)
    try:
        await reset_password(runtime.store, runtime.hasher, runtime.server, link=link, password=password)
    except PasswordWeak as weak:
        return visit.show(_page(opened, refused(form, weak, at="password")), error=weak)
    except HasherBusy as busy:
        return visit.show(_page(opened, refused(form, busy)), error=busy)
    return go(AFTER_RESET)


async def _open(visit: Visit, token: Secret) -> Opened:
    def look(view: PrincipalWork) -> Opened:
        invitation = check_link(view, token, (LinkKind.RESET,))
        principal = view.principals.find(invitation.principal_id or "")
        if principal is None:
            raise LinkInvalid
        return Opened(invitation, principal)

    return await visit.runtime.store.read(look)


def _page(opened: Opened, form: Form) -> PasswordResetPage:
    return PasswordResetPage(
        form=form,
        email=opened.principal.email,
        expires_at=opened.invitation.expires_at,
        password_min=SHORTEST,
    )
