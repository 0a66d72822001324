"""Connect a provider as the installation's own client: nobody is sent anywhere."""

from __future__ import annotations

from fastapi.responses import Response

from authsome.auth_session.model import AuthSession
from authsome.auth_session.oauth.obtain import obtain
from authsome.provider.model import Provider
from authsome.provider.oauth import OAuth
from authsome.runtime.oauth.parts import parts_of
from authsome.server.routes.ui.connecting.authorize import show_arrival
from authsome.server.visit import SignedInVisit
from authsome.server.web.pages import Form, OwnClientPage


def own_client_page(session: AuthSession, provider: Provider, oauth: OAuth, *, form: Form) -> OwnClientPage:
    """Asks before the provider is asked."""
    return OwnClientPage(
        form=form,
        provider=provider.display_name,
        connection=session.connection_name,
        asks_at=oauth.token_place.host,
        scopes=session.scopes,
        hosts=tuple(str(host) for host in provider.hosts),
        expires_at=session.expires_at,
        is_again=session.reauthorizes is not None,
    )


async def ask_as_client(visit: SignedInVisit, session: AuthSession) -> Response:
    """Ask for a token, seal it, and say what came of it."""
    done = await obtain(parts_of(visit.runtime), caller=visit.caller, session=session)
    return await show_arrival(visit, done)
