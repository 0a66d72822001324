"""The pages on the way in: set-up, log-in, invitation, and passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from authsome.server.web.pages.frame import Form, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpPage(Page):
    """The first principal is made here. Sends `email`, `display_name`, `password`, `password_again`."""

    template: ClassVar[str] = "set_up.html"
    form: Form
    expires_at: datetime
    password_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInPage(Page):
    """Sends `email` and `password`. `reason` says why the visitor was asked, if they were on their way."""

    template: ClassVar[str] = "log_in.html"
    form: Form
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPage(Page):
    """An invited person joins. Sends `email`, `display_name`, `password`, `password_again`."""

    template: ClassVar[str] = "invitation.html"
    form: Form
    role: str
    invited_by: str | None
    expires_at: datetime
    password_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordResetPage(Page):
    """A new password by a one-time link. Sends `password`, `password_again`."""

    template: ClassVar[str] = "password_reset.html"
    form: Form
    email: str
    expires_at: datetime
    password_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage(Page):
    """One's own password. Sends `old`, `password`, `password_again`. `email` is for the browser's keeper."""

    template: ClassVar[str] = "password.html"
    form: Form
    email: str
    password_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage(Page):
    """Something was refused or failed. `reference` is what the server's log has for the same request.

    The button leads `back` and says where to in `onward`; without them, to the overview.
    """

    template: ClassVar[str] = "problem.html"
    status: int
    code: str
    title: str
    detail: str
    hint: str
    reference: str | None = None
    back: str | None = None
    onward: str = "Go back"
