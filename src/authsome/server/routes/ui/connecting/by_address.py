"""Connect an MCP server by its address: add it, and go on to its own page."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.auth_session.start import start
from authsome.connection.by_address.add import MOST_PRIVATE, Added, add_by_address
from authsome.connection.model import Flow
from authsome.connection.oauth.client import CALLBACK
from authsome.kit.errors import AuthsomeError, ConflictError, InvalidError
from authsome.provider.errors import (
    DefinitionInvalid,
    PrivateAddressRefused,
    PrivateAddressUnlisted,
    ProviderTaken,
    ServerAddressInvalid,
)
from authsome.server.forms import Fields, refused, sentence
from authsome.server.visit import Admin, SignedInForm, SignedInVisit, go
from authsome.server.web import paths
from authsome.server.web.pages import ByAddressPage, ClientMissingPage, Form

router = APIRouter(include_in_schema=False)

# At which field a refusal is said; the others are said of the whole.
_AT: dict[type[AuthsomeError], str] = {
    ServerAddressInvalid: "address",
    ProviderTaken: "name",
    DefinitionInvalid: "name",
    PrivateAddressRefused: "private",
    PrivateAddressUnlisted: "private",
}


@router.get(paths.BY_ADDRESS)
async def ask(visit: Admin) -> Response:
    """The form."""
    return visit.show(ByAddressPage(form=Form(action=paths.BY_ADDRESS)))


@router.post(paths.BY_ADDRESS)
async def add(visit: Admin, fields: SignedInForm) -> Response:
    """Add it, and begin to connect it. What was typed comes again where it is refused."""
    try:
        added = await _add(visit, fields)
    except (InvalidError, ConflictError) as error:
        form = Form(action=paths.BY_ADDRESS, sent=fields.again("address", "name", "private"))
        at = _AT.get(type(error))
        return visit.show(ByAddressPage(form=refused(form, error, at=at)), error=error)
    if added.client is None:
        return visit.show(_client_missing(visit, added))
    name = added.provider.name
    _, token = await visit.runtime.store.write(
        visit.caller, lambda work: start(work, provider=name, flow=Flow.AUTHORIZATION_CODE)
    )
    return go(f"/connect/{token.reveal()}")


async def _add(visit: SignedInVisit, fields: Fields) -> Added:
    private = fields.text("private").split()
    if len(private) > MOST_PRIVATE:
        raise PrivateAddressRefused(f"list {MOST_PRIVATE} private addresses at most")
    return await add_by_address(
        visit.runtime.by_address,
        caller=visit.caller,
        address=fields.text("address"),
        name=fields.text("name") or None,
        private=private,
    )


def _client_missing(visit: SignedInVisit, added: Added) -> ClientMissingPage:
    provider = added.provider
    return ClientMissingPage(
        provider=provider.name,
        asks_at=provider.oauth.asks_at if provider.oauth else "",
        redirect_uri=visit.base_url + CALLBACK,
        command=f"authsome providers client {provider.name} --client-id ID",
        problem=sentence(added.refused.what) if added.refused else "",
    )
