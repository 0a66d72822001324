"""Providers: which services there are, and an admin's own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from authsome.provider.errors import (
    DefinitionInvalid,
    HostTaken,
    PrivateAddressRefused,
    ProviderTaken,
    TooManyProviders,
)
from authsome.provider.find import list_providers
from authsome.provider.model import Provider
from authsome.provider.register import register_provider
from authsome.provider.validate import MOST_HOSTS, read_definition
from authsome.server.callers import Acting, ActingAdmin
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body
from authsome.server.state import Rt

router = APIRouter(prefix="/api/providers", tags=["providers"])
REGISTERING = (DefinitionInvalid, PrivateAddressRefused, ProviderTaken, HostTaken, TooManyProviders)
HostAndPort = Annotated[str, Field(max_length=300)]


class NewProvider(Body):
    """A definition as in a provider's file, and the private addresses that its secret may go to."""

    definition: dict[str, Any]
    private_addresses: Annotated[tuple[HostAndPort, ...], Field(max_length=MOST_HOSTS)] = ()


class ProviderOut(Answer):
    """A provider, without anything that is secret: it has no secrets."""

    name: str
    display_name: str
    hosts: list[str]
    flow: str
    key_label: str
    key_url: str | None
    documentation_url: str | None
    bundled: bool
    private_addresses: list[str]


@router.get("")
async def list_all(runtime: Rt, _caller: Acting) -> list[ProviderOut]:
    """All providers, bundled and custom, by name."""
    return [_out(provider) for provider in await runtime.store.read(list_providers)]


@router.post("", status_code=201, responses=refusals(*REGISTERING))
async def register(body: NewProvider, runtime: Rt, admin: ActingAdmin) -> ProviderOut:
    """Register a custom provider. Admins only."""
    provider = read_definition(body.definition)
    private = body.private_addresses
    made = await runtime.store.write(
        admin, lambda work: register_provider(work, provider=provider, private_addresses=private)
    )
    return _out(made.provider)


def _out(provider: Provider) -> ProviderOut:
    return ProviderOut(
        name=provider.name,
        display_name=provider.display_name,
        hosts=[str(pattern) for pattern in provider.hosts],
        flow="api_key",
        key_label=provider.key_label,
        key_url=provider.key_url,
        documentation_url=provider.documentation_url,
        bundled=provider.bundled,
        private_addresses=[f"{place.host}:{place.port}" for place in provider.private_addresses],
    )
