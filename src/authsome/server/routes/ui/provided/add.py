"""The page on which an admin adds a provider."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.kit.errors import ConflictError, InvalidError
from authsome.provider.ports import ProviderWork
from authsome.provider.register import fitting, register_provider
from authsome.provider.validate import read_definition
from authsome.server.forms import Fields, refused
from authsome.server.routes.ui.provided.typed import shown_again, typed_addresses, typed_definition
from authsome.server.visit import Admin, SignedInForm, SignedInVisit, go
from authsome.server.web import paths
from authsome.server.web.pages import AddProviderPage, Form

router = APIRouter(include_in_schema=False)
EXAMPLE = """{
  "name": "acme",
  "display_name": "Acme",
  "hosts": ["api.acme.example"],
  "inject": {"header": "Authorization", "template": "Bearer {api_key}"},
  "key_label": "Acme API key",
  "key_url": "https://acme.example/settings/keys"
}"""


@router.get(paths.ADD_PROVIDER)
async def ask(visit: Admin) -> Response:
    """The form, with an example in it."""
    return visit.show(AddProviderPage(form=replace(_form(), sent={"definition": EXAMPLE})))


@router.post(paths.ADD_PROVIDER)
async def add(visit: Admin, fields: SignedInForm) -> Response:
    """Check it, or add it."""
    form = shown_again(_form(), fields)
    try:
        name = await _carry_out(visit, fields)
    except (InvalidError, ConflictError) as error:
        return visit.show(AddProviderPage(form=refused(form, error)), error=error)
    if name is None:
        return visit.show(AddProviderPage(form=form, is_well=True))
    return go(paths.provider(name))


async def _carry_out(visit: SignedInVisit, fields: Fields) -> str | None:
    """The name of what was added; None where it was only to be checked."""
    provider, private = read_definition(typed_definition(fields)), typed_addresses(fields)

    def look(view: ProviderWork) -> None:
        fitting(view, provider=provider, private_addresses=private)

    if fields.raw("decision") != "add":
        await visit.runtime.store.read(look)
        return None
    await visit.runtime.store.write(
        visit.caller, lambda work: register_provider(work, provider=provider, private_addresses=private)
    )
    return provider.name


def _form() -> Form:
    return Form(action=paths.ADD_PROVIDER)
