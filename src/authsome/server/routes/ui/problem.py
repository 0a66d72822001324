"""The page for everything that was refused or failed."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from authsome.kit.errors import AuthsomeError, Kind
from authsome.principal.errors import SessionMissing
from authsome.server.errors import NothingHere
from authsome.server.forms import sentence
from authsome.server.routes.ui.log_in import log_in_page
from authsome.server.state import runtime_of
from authsome.server.visit import SignedInVisit, go, log_in_first, visit_of_stranger
from authsome.server.web import paths
from authsome.server.web.dashboards.errors import DashboardForAdmins
from authsome.server.web.pages import ProblemPage

TITLES = {
    Kind.INVALID: "That does not look right",
    Kind.UNAUTHENTICATED: "Sign in first",
    Kind.DENIED: "That is not allowed",
    Kind.MISSING: "It is not there",
    Kind.CONFLICT: "It has changed in the meantime",
    Kind.EXPIRED: "This link is no longer good",
    Kind.UNAVAILABLE: "Not right now",
    Kind.BROKEN: "Something failed here",
}


def page(request: Request, error: AuthsomeError, status: int) -> Response:
    """What is shown in place of a page. Whoever is not signed in is asked to, and led back."""
    if isinstance(error, SessionMissing):
        answer = _log_in_first(request, error)
    else:
        answer = _problem(request, error, status)
    answer.headers["X-Authsome-Error"] = error.code
    return answer


def _log_in_first(request: Request, error: SessionMissing) -> Response:
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "GET":
        return go(log_in_first(address))
    visit = visit_of_stranger(request, runtime_of(request))
    reason = "Your session has ended, and nothing was changed. Sign in to go on."
    return visit.show(log_in_page(address, reason=reason), error=error)


def _problem(request: Request, error: AuthsomeError, status: int) -> Response:
    known = getattr(request.state, "visit", None)
    visit = known if isinstance(known, SignedInVisit) else visit_of_stranger(request, runtime_of(request))
    title, detail, hint = TITLES[error.kind], sentence(error.detail), sentence(error.next_step)
    if isinstance(error, NothingHere):
        title, hint = "There is no such page", ""
    own = isinstance(error, DashboardForAdmins)
    shown = ProblemPage(
        status=status,
        code=error.code,
        title=title,
        detail=detail,
        hint=hint,
        back=paths.MINE if own else None,
        onward="Your own numbers" if own else "Go back",
    )
    answer = visit.show(shown)
    answer.status_code = status
    if error.kind is Kind.UNAVAILABLE:
        answer.headers["Retry-After"] = "5"
    return answer
