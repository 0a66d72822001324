"""Providers: which services there are, and an admin's own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field, SecretStr

from authsome.connection.errors import OAuthClientInvalid
from authsome.connection.flows import flows_of
from authsome.connection.oauth.client import CALLBACK, OAuthClient
from authsome.connection.oauth.configure_client import configure_client
from authsome.connection.ports import ConnectionWork
from authsome.kit.secret import Secret
from authsome.provider.definition.category import Category
from authsome.provider.errors import (
    DefinitionInvalid,
    HostTaken,
    OAuthNotOffered,
    PrivateAddressRefused,
    ProviderMissing,
    ProviderTaken,
    TooManyProviders,
    VariableTaken,
)
from authsome.provider.find import list_providers
from authsome.provider.meaning import origin_of
from authsome.provider.model import Provider
from authsome.provider.register import register_provider
from authsome.provider.search import LONGEST_SEARCH, search
from authsome.provider.validate import MOST_HOSTS, read_definition
from authsome.server.callers import Acting, ActingAdmin
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body
from authsome.server.state import Rt

router = APIRouter(prefix="/api/providers", tags=["providers"])
REGISTERING = (
    DefinitionInvalid,
    PrivateAddressRefused,
    ProviderTaken,
    HostTaken,
    VariableTaken,
    TooManyProviders,
)
ProviderName = Annotated[str, Path(max_length=32, pattern=r"^[a-z][a-z0-9-]{0,31}$")]
Searched = Annotated[
    str,
    Query(
        alias="search",
        max_length=LONGEST_SEARCH,
        description="Words: a name, what it is for, a host or an address.",
    ),
]
HostAndPort = Annotated[str, Field(max_length=300)]


class NewProvider(Body):
    """A definition as in a provider's file, and the private addresses that its secret may go to."""

    definition: dict[str, Any]
    private_addresses: Annotated[tuple[HostAndPort, ...], Field(max_length=MOST_HOSTS)] = ()


class NewClient(Body):
    """The client that this installation is at a provider. The secret is SECRET; a public client has none."""

    client_id: Annotated[str, Field(min_length=1, max_length=512)]
    client_secret: Annotated[SecretStr, Field(max_length=1024)] | None = None


class ClientOut(Answer):
    """What was set, and the address to register with the provider, exactly as it is written here."""

    provider: str
    client_id: str
    has_secret: bool
    redirect_uri: str


class KeyFieldOut(Answer):
    """One text that a person is asked for. What is not `secret` may be seen."""

    name: str
    label: str
    secret: bool


class ProviderOut(Answer):
    """A provider: `is_ready` where no admin has to set a client before it can be connected by its page."""

    name: str
    display_name: str
    description: str | None
    categories: list[str]
    hosts: list[str]
    address: str | None
    flows: list[str]
    scopes: list[str]
    is_ready: bool
    fields: list[KeyFieldOut]
    environment: dict[str, list[str]]
    key_label: str
    key_url: str | None
    documentation_url: str | None
    bundled: bool
    origin: str
    private_addresses: list[str]


@router.get("")
async def list_all(
    runtime: Rt, _caller: Acting, *, words: Searched = "", category: Category | None = None
) -> list[ProviderOut]:
    """All providers, bundled and custom, by name; or those that fit, the best first."""

    def look(view: ConnectionWork) -> list[ProviderOut]:
        clients = {client.provider: client for client in view.oauth_clients.list()}
        found = search(list_providers(view), words, category=category)
        return [provider_out(one, clients.get(one.name)) for one in found]

    return await runtime.store.read(look)


@router.post("", status_code=201, responses=refusals(*REGISTERING))
async def register(body: NewProvider, runtime: Rt, admin: ActingAdmin) -> ProviderOut:
    """Register a custom provider. Admins only."""
    provider = read_definition(body.definition)
    private = body.private_addresses
    made = await runtime.store.write(
        admin, lambda work: register_provider(work, provider=provider, private_addresses=private)
    )
    return provider_out(made.provider, None)


@router.put("/{name}/oauth-client", responses=refusals(ProviderMissing, OAuthNotOffered, OAuthClientInvalid))
async def set_client(name: ProviderName, body: NewClient, runtime: Rt, *, admin: ActingAdmin) -> ClientOut:
    """Set the OAuth client for a provider, or replace it. Admins only; the secret is sealed."""
    secret = Secret(body.client_secret.get_secret_value()) if body.client_secret else None
    client = await runtime.store.write(
        admin,
        lambda work: configure_client(
            work,
            runtime.keeper,
            provider=name,
            client_id=body.client_id,
            secret=secret,
            installation_id=runtime.store.installation_id,
        ),
    )
    return ClientOut(
        provider=client.provider,
        client_id=client.client_id,
        has_secret=client.sealed is not None,
        redirect_uri=runtime.config.base_url + CALLBACK,
    )


def provider_out(provider: Provider, client: OAuthClient | None) -> ProviderOut:
    """A provider as the API says it; `client` is this installation's own there."""
    return ProviderOut(
        name=provider.name,
        display_name=provider.display_name,
        description=provider.description,
        categories=[category.value for category in provider.categories],
        hosts=[str(pattern) for pattern in provider.hosts],
        address=provider.oauth.resource if provider.oauth else None,
        flows=[flow.value for flow in flows_of(provider)],
        scopes=list(provider.oauth.scopes) if provider.oauth else [],
        is_ready=provider.oauth is None or (client is not None and client.is_known_at(provider)),
        fields=[
            KeyFieldOut(name=one.name, label=one.label, secret=one.secret)
            for one in provider.key_fields
            if provider.inject is not None
        ],
        environment={field: list(names) for field, names in provider.environment},
        key_label=provider.key_label,
        key_url=provider.key_url,
        documentation_url=provider.documentation_url,
        bundled=provider.bundled,
        origin=origin_of(provider),
        private_addresses=[f"{place.host}:{place.port}" for place in provider.private_addresses],
    )
