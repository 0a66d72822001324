"""Connect a provider by a code that its person types there, on whatever device."""

from __future__ import annotations

from fastapi.responses import Response

from authsome.auth_session.model import OPEN, AuthSession
from authsome.auth_session.oauth.show_code import show_code
from authsome.provider.model import Provider
from authsome.runtime.oauth.parts import parts_of
from authsome.server.routes.ui.connecting.authorize import show_arrival
from authsome.server.visit import SignedInVisit
from authsome.server.web.pages import DevicePage, Form

LOOK_SECONDS = 5


def device_page(session: AuthSession, provider: Provider, *, form: Form) -> DevicePage:
    """Asks before the provider is asked; afterwards the code, until it is used."""
    return DevicePage(
        form=form,
        provider=provider.display_name,
        connection=session.connection_name,
        scopes=session.scopes,
        hosts=tuple(str(host) for host in provider.hosts),
        expires_at=session.expires_at,
        is_again=session.reauthorizes is not None,
        user_code=session.user_code or "",
        verification_uri=session.verification_uri or "",
        link=session.verification_uri_complete or session.verification_uri or "",
    )


def show_device(visit: SignedInVisit, page: DevicePage) -> Response:
    """A page with a code on it comes anew by itself: what the person does elsewhere ends it."""
    answer = visit.show(page)
    if page.user_code:
        answer.headers["Refresh"] = str(LOOK_SECONDS)
    return answer


async def get_code(visit: SignedInVisit, session: AuthSession, provider: Provider, *, form: Form) -> Response:
    """Ask for a code and show it, or what happened."""
    waiting = await show_code(parts_of(visit.runtime), caller=visit.caller, session=session)
    if waiting.state not in OPEN:
        return await show_arrival(visit, waiting)
    return show_device(visit, device_page(waiting, provider, form=form))
