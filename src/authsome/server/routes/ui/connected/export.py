"""The page on which a principal takes the secret of a connection out, with their password."""

from __future__ import annotations

import json
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.connection.errors import ConnectionMissing, KeyOutdated, TokensUnreadable
from authsome.connection.export import export
from authsome.connection.model import Connection, Flow
from authsome.connection.ports import ConnectionWork
from authsome.kit.errors import InputInvalid
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.server.forms import id_or_nothing, refused
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed
from authsome.server.web import paths
from authsome.server.web.pages import ExportPage, Form
from authsome.vault.errors import SealBroken

router = APIRouter(include_in_schema=False)

ADDRESS = f"{paths.CONNECTIONS}/{{connection_id}}/export"
DECISIONS = ("show", "download")


@router.get(ADDRESS)
async def ask(connection_id: str, visit: SignedIn) -> Response:
    """What taking it out means; for its owner."""
    return visit.show((await _see(visit, connection_id))[1])


@router.post(ADDRESS)
async def take_out(connection_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Show it once, or hand it out as a file. Neither answer is kept anywhere."""
    one, page = await _see(visit, connection_id)
    assert page.form is not None
    decision = fields.raw("decision")
    if decision not in DECISIONS:
        error = InputInvalid("choose to show it or to download it")
        return visit.show(replace(page, form=refused(page.form, error)), error=error)
    runtime = visit.runtime
    try:
        caller = await confirmed(visit, fields)
    except REFUSALS as error:
        return visit.show(replace(page, form=refused(page.form, error, at="password")), error=error)
    try:
        found = await runtime.store.write(
            caller, lambda work: export(work, runtime.keeper, connection_id=one.id)
        )
    except (ProviderMissing, KeyOutdated, SealBroken, TokensUnreadable) as error:
        return visit.show(replace(page, form=refused(page.form, error)), error=error)
    plain = {name: value.reveal() for name, value in found.items()}
    if decision == "show":
        return visit.show(replace(page, form=None, secrets=tuple(plain.items())))
    name = f"{one.provider}-{one.name}.json"
    return Response(
        json.dumps({"provider": one.provider, "name": one.name, **plain}, indent=2) + "\n",
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


async def _see(visit: SignedInVisit, connection_id: str) -> tuple[Connection, ExportPage]:
    """Raises `ConnectionMissing`, also for somebody else's and for one that ended."""
    wanted = id_or_nothing(connection_id)

    def look(view: ConnectionWork) -> tuple[Connection, str, bool]:
        one = view.connections.find(wanted)
        if one is None or one.principal_id != visit.principal.id or not one.is_live:
            raise ConnectionMissing
        try:
            provider = get_provider(view, one.provider)
        except ProviderMissing:
            return one, one.provider, False
        rotates = provider.oauth is not None and provider.oauth.refresh_tokens_rotate
        return one, provider.display_name, rotates

    one, name, rotates = await visit.runtime.store.read(look)
    page = ExportPage(
        provider=name,
        name=one.name,
        back=paths.connection(one.id),
        works_once=rotates and one.flow is not Flow.API_KEY and one.is_refreshable,
        form=Form(action=paths.export_connection(one.id)),
    )
    return one, page
