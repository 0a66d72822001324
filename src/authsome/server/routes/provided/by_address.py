"""Connect an API by its address, and what this installation says of itself to whoever guards it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from authsome.connection.by_address.add import MOST_PRIVATE, add_by_address
from authsome.connection.by_address.again import register_again
from authsome.connection.by_address.document import PATH, client_document
from authsome.connection.errors import RegistrationNotOffered
from authsome.connection.oauth.client import CALLBACK
from authsome.provider.discovery.address import LONGEST_ADDRESS
from authsome.provider.errors import (
    DefinitionInvalid,
    DiscoveryFailed,
    HostTaken,
    PrivateAddressRefused,
    ProviderMissing,
    ProviderTaken,
    ServerAddressInvalid,
    TooManyProviders,
)
from authsome.server.callers import ActingAdmin
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body, Nothing
from authsome.server.routes.providers import ClientOut, HostAndPort, ProviderName, ProviderOut, provider_out
from authsome.server.state import Rt

router = APIRouter(prefix="/api", tags=["providers"])
document_router = APIRouter(include_in_schema=False)

ADDING = (
    ServerAddressInvalid,
    DiscoveryFailed,
    DefinitionInvalid,
    PrivateAddressRefused,
    ProviderTaken,
    HostTaken,
    TooManyProviders,
)
AddressText = Annotated[str, Field(min_length=1, max_length=LONGEST_ADDRESS)]


class NewAddress(Body):
    """An MCP server's address, what its provider is to be called, and private addresses that it may have."""

    address: AddressText
    name: Annotated[str, Field(min_length=1, max_length=32)] | None = None
    private_addresses: Annotated[tuple[HostAndPort, ...], Field(max_length=MOST_PRIVATE)] = ()


class AddedOut(Answer):
    """The provider, how this installation came to its client there, and why there is none, where it asked."""

    provider: ProviderOut
    client_origin: str | None
    refused: str | None
    redirect_uri: str


@router.post("/mcp-servers", status_code=201, responses=refusals(*ADDING))
async def add(body: NewAddress, runtime: Rt, admin: ActingAdmin) -> AddedOut:
    """Find out who guards an address, become a client there, and register both as a provider. Admins only."""
    added = await add_by_address(
        runtime.by_address,
        caller=admin,
        address=body.address,
        name=body.name,
        private=body.private_addresses,
    )
    return AddedOut(
        provider=provider_out(added.provider, added.client),
        client_origin=added.client.origin.value if added.client else None,
        refused=added.refused.detail if added.refused else None,
        redirect_uri=runtime.config.base_url + CALLBACK,
    )


@router.post(
    "/providers/{name}/oauth-client/registration",
    responses=refusals(ProviderMissing, RegistrationNotOffered, DiscoveryFailed),
)
async def register_client(
    name: ProviderName, runtime: Rt, *, admin: ActingAdmin, _body: Nothing | None = None
) -> ClientOut:
    """Ask the provider for a client anew, in the place of the one before. Admins only."""
    client = await register_again(runtime.by_address, caller=admin, provider=name)
    return ClientOut(
        provider=client.provider,
        client_id=client.client_id,
        has_secret=client.sealed is not None,
        redirect_uri=runtime.config.base_url + CALLBACK,
    )


@document_router.get(PATH)
async def show_document(runtime: Rt) -> Response:
    """For anybody: authorization servers fetch it to learn whom they are asked for."""
    return JSONResponse(
        client_document(runtime.config.base_url), headers={"Cache-Control": "public, max-age=3600"}
    )
