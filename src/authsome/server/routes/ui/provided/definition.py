"""One provider, and for an admin the way to change it."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.amendment.model import Act, Amendment
from authsome.connection.flows import flows_of
from authsome.connection.model import DEFAULT_NAME
from authsome.connection.oauth.client import CALLBACK
from authsome.kit.errors import ConflictError, InvalidError
from authsome.provider.find import get_provider
from authsome.provider.meaning import origin_of
from authsome.provider.model import Provider
from authsome.runtime.providers.amendments import ask
from authsome.server.forms import Fields, refused
from authsome.server.routes.ui.provided.listing import FLOWS, ORIGINS
from authsome.server.routes.ui.provided.typed import (
    addresses,
    shown_again,
    typed_addresses,
    typed_definition,
    written,
)
from authsome.server.visit import Admin, SignedIn, SignedInForm, SignedInVisit, go
from authsome.server.web import paths
from authsome.server.web.pages import Form, ProviderPage

router = APIRouter(include_in_schema=False)
ONE = f"{paths.PROVIDERS}/{{name}}"


@router.get(ONE)
async def show(name: str, visit: SignedIn) -> Response:
    """The definition; it holds no secret, so whoever may connect it may read it."""
    return visit.show(await provider_page(visit, name))


@router.post(ONE)
async def ask_for_change(name: str, visit: Admin, fields: SignedInForm) -> Response:
    """Work out what it would do, and lead to the page that confirms it."""
    page = await provider_page(visit, name)
    try:
        amendment_id, _ = await ask(visit.runtime, visit.caller, _amendment(page, fields))
    except (InvalidError, ConflictError) as error:
        is_removal = fields.raw("act") == Act.REMOVE
        if is_removal and page.remove:
            return visit.show(replace(page, remove=refused(page.remove, error)), error=error)
        assert page.change is not None
        change = refused(shown_again(page.change, fields), error)
        return visit.show(replace(page, change=change), error=error)
    return go(paths.amendment(amendment_id))


async def provider_page(visit: SignedInVisit, name: str) -> ProviderPage:
    """With the forms for what this visitor may do. Raises `ProviderMissing`."""
    known = await visit.runtime.store.read(lambda view: get_provider(view, name))
    page = ProviderPage(
        key=known.name,
        name=known.display_name,
        description=known.description or "",
        origin=ORIGINS[origin_of(known)],
        flow=" or ".join(FLOWS[flow] for flow in flows_of(known)),
        hosts=tuple(str(host) for host in known.hosts),
        docs_url=known.documentation_url or known.key_url or "",
        definition=written(known),
        connect=Form(action=paths.connect(known.name), sent={"name": DEFAULT_NAME}),
        flows=tuple((flow.value, FLOWS[flow]) for flow in flows_of(known)),
        test=Form(action=paths.test(known.name)),
        private_addresses=addresses(known),
    )
    return _for_admin(page, known, visit.base_url) if visit.caller.is_admin else page


def _for_admin(page: ProviderPage, known: Provider, base_url: str) -> ProviderPage:
    action = paths.provider(known.name)
    sent = {"definition": page.definition, "private_addresses": "\n".join(page.private_addresses)}
    act = Act.OVERRIDE if known.bundled else Act.CHANGE
    change = Form(action=action, sent=sent, hidden={"act": act.value})
    remove = None if known.bundled else Form(action=action, hidden={"act": Act.REMOVE.value})
    has_page = known.oauth is not None and known.oauth.authorization_url is not None
    redirect_uri = base_url + CALLBACK if has_page else ""
    return replace(page, redirect_uri=redirect_uri, change=change, remove=remove)


def _amendment(page: ProviderPage, fields: Fields) -> Amendment:
    """What the form asks for. Anything but a removal is a definition; which kind is the provider's matter."""
    if fields.raw("act") == Act.REMOVE:
        return Amendment(act=Act.REMOVE, name=page.key)
    return Amendment(
        act=Act.CHANGE if page.remove else Act.OVERRIDE,
        name=page.key,
        definition=typed_definition(fields),
        private_addresses=typed_addresses(fields),
    )
