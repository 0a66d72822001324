"""The pages on the way in, and those of what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from authsome.server.web import pages as p
from tests.unit.server.web.sample_answers import NOW
from tests.unit.server.web.sample_frames import (
    MEMBER,
    STRANGER,
    Sample,
)


def entry() -> Iterator[Sample]:
    soon = NOW + timedelta(hours=23)
    form = p.Form(action="/set-up", hidden={"link": "one-time-value"})
    wrong = p.Form(
        action="/set-up",
        sent={"email": "mika@example", "display_name": "Mika"},
        errors={"password": "The password needs 12 characters; this one has 8."},
        hidden={"link": "one-time-value"},
    )
    yield "set-up", p.SetUpPage(form=form, expires_at=soon, password_min=12), STRANGER
    yield "set-up-wrong", p.SetUpPage(form=wrong, expires_at=soon, password_min=12), STRANGER
    yield "log-in", p.LogInPage(form=p.Form(action="/log-in")), STRANGER
    refused = p.Form(
        action="/log-in",
        sent={"email": "mika@example.org"},
        problem="E-mail and password do not match. After five attempts there is a pause.",
    )
    reason = "To claim an agent, sign in first."
    yield "log-in-refused", p.LogInPage(form=refused, reason=reason), STRANGER
    yield (
        "invitation",
        p.InvitationPage(
            form=p.Form(action="/join"),
            role="member",
            invited_by="Mika Sørensen",
            expires_at=soon,
            password_min=12,
        ),
        STRANGER,
    )
    yield (
        "password-reset",
        p.PasswordResetPage(
            form=p.Form(action="/reset"), email="noor@example.org", expires_at=soon, password_min=12
        ),
        STRANGER,
    )
    for name, errors in (("password", {}), ("password-wrong", {"old": "The password is wrong."})):
        changing = p.Form(action="/password", errors=errors)
        yield name, p.PasswordPage(form=changing, email="noor@example.org", password_min=12), MEMBER


def problems() -> Iterator[Sample]:
    for status, code, title, detail, hint in (
        (404, "not_found", "There is no such page", "Nothing is at this address.", "Check it, or go back."),
        (403, "admin_required", "Not for you", "Only an admin may see this.", "Ask Mika."),
        (410, "link_spent", "This link is spent", "A link works once.", "Ask an admin for a new one."),
        (500, "internal_failure", "Something failed", "Nothing was changed.", "Look at the server's log."),
    ):
        page = p.ProblemPage(
            status=status, code=code, title=title, detail=detail, hint=hint, reference="req_01k9x4"
        )
        yield f"problem-{status}", page, MEMBER if status == 403 else STRANGER
