"""Change one's own password."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.kit.errors import AuthsomeError, InputInvalid
from authsome.principal.errors import PasswordWeak
from authsome.principal.password import SHORTEST
from authsome.principal.replace_password import change_password
from authsome.server.forms import refused
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed, go
from authsome.server.web import paths
from authsome.server.web.pages import Form, PasswordPage

router = APIRouter(include_in_schema=False)

NOTICES = {"changed": "The password is changed. Your other sessions have ended."}


@router.get(paths.PASSWORD)
async def show(visit: SignedIn, done: str = "") -> Response:
    """The form."""
    return visit.show(_page(visit, Form(action=paths.PASSWORD)), notice=NOTICES.get(done))


@router.post(paths.PASSWORD)
async def change(visit: SignedIn, fields: SignedInForm) -> Response:
    """Replace it. This session goes on, and no other."""
    runtime, password = visit.runtime, fields.secret("password")

    def again(error: AuthsomeError, at: str) -> Response:
        form = refused(Form(action=paths.PASSWORD), error, at=at)
        return visit.show(_page(visit, form), error=error)

    if password != fields.secret("password_again"):
        return again(InputInvalid("the two passwords are not the same"), "password_again")
    try:
        caller = await confirmed(visit, fields, field="old")
        await change_password(runtime.store, runtime.hasher, caller=caller, password=password)
    except PasswordWeak as error:
        return again(error, "password")
    except REFUSALS as error:
        return again(error, "old")
    return go(f"{paths.PASSWORD}?done=changed")


def _page(visit: SignedInVisit, form: Form) -> PasswordPage:
    return PasswordPage(form=form, email=visit.principal.email, password_min=SHORTEST)
