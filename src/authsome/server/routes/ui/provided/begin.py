"""Begin connecting a provider from its page, without a terminal."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.auth_session.start import start
from authsome.connection.errors import ConnectionNameInvalid
from authsome.connection.model import Flow
from authsome.kit.caller import AdminRequired
from authsome.kit.errors import ConflictError, InvalidError
from authsome.server.forms import refused
from authsome.server.routes.ui.provided.definition import ONE, provider_page
from authsome.server.visit import SignedIn, SignedInForm, go

router = APIRouter(include_in_schema=False)


@router.post(f"{ONE}/connect")
async def connect(name: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Start an auth session, and lead to its own page."""
    page = await provider_page(visit, name)
    chosen, wanted = fields.raw("flow"), fields.raw("name").strip()
    flow = Flow(chosen) if chosen in list(Flow) else None
    try:
        _, token = await visit.runtime.store.write(
            visit.caller, lambda work: start(work, provider=page.key, name=wanted, flow=flow)
        )
    except (InvalidError, ConflictError, AdminRequired) as error:
        at = "name" if isinstance(error, ConnectionNameInvalid) else None
        asked = replace(page.connect, sent=fields.again("name", "flow"))
        form = refused(asked, error, at=at)
        return visit.show(replace(page, connect=form), error=error)
    return go(f"/connect/{token.reveal()}")
