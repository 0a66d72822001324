"""A provider's definition, and what an admin wants changed about it. Confirmed on a page, never here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from authsome.amendment.errors import (
    NameDiffers,
    NotBundled,
    NothingAmended,
    OverriddenAlready,
    ProviderBundled,
)
from authsome.amendment.model import Act, Amendment
from authsome.amendment.words import consequences
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.provider.meaning import in_words, origin_of
from authsome.provider.model import CustomProvider, Provider
from authsome.provider.ports import ProviderWork
from authsome.provider.register import fitting
from authsome.provider.validate import read_definition
from authsome.runtime.providers.amendments import Shown, ask, show
from authsome.server.callers import Acting, ActingAdmin
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body
from authsome.server.routes.providers import REGISTERING, HostAndPort, NewProvider, ProviderName
from authsome.server.state import Rt
from authsome.server.web import paths

router = APIRouter(tags=["providers"])
AMENDING = (
    *REGISTERING,
    ProviderMissing,
    ProviderBundled,
    NotBundled,
    OverriddenAlready,
    NameDiffers,
    NothingAmended,
)


class NewAmendment(Body):
    """What is to happen to a provider: a definition to put in its place, or none to remove it."""

    act: Act
    name: Annotated[str, Field(max_length=32, pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    definition: dict[str, Any] | None = None
    private_addresses: Annotated[tuple[HostAndPort, ...], Field(max_length=50)] = ()


class DefinitionOut(Answer):
    """A definition as it stands in a file, and where it is from."""

    name: str
    definition: dict[str, Any]
    origin: str
    private_addresses: list[str]
    registered_at: datetime | None


class CheckedOut(Answer):
    """What a definition means, in sentences. It is not registered."""

    name: str
    meaning: list[str]


class EffectOut(Answer):
    """What an amendment would do at this moment, also in sentences."""

    act: Act
    name: str
    new_places: list[str]
    connections: int
    people: int
    grants: int
    auth_sessions: int
    consequences: list[str]


class AskedOut(Answer):
    """The page on which it is confirmed, by the admin who asked."""

    url: str
    expires_at: datetime
    effect: EffectOut


@router.get("/api/providers/{name}", responses=refusals(ProviderMissing))
async def show_definition(name: ProviderName, runtime: Rt, _caller: Acting) -> DefinitionOut:
    """One provider's definition, in the form of a file."""

    def look(view: ProviderWork) -> tuple[Provider, CustomProvider | None]:
        return get_provider(view, name), view.providers.find_by_name(name)

    known, row = await runtime.store.read(look)
    return DefinitionOut(
        name=known.name,
        definition=known.definition(),
        origin=origin_of(known),
        private_addresses=[f"{place.host}:{place.port}" for place in known.private_addresses],
        registered_at=row.created_at if row else None,
    )


@router.post("/api/provider-checks", responses=refusals(*REGISTERING))
async def check(body: NewProvider, runtime: Rt, _admin: ActingAdmin) -> CheckedOut:
    """Say what a definition means and whether it could be registered, and do nothing. Admins only."""
    provider, private = read_definition(body.definition), body.private_addresses
    fitted = await runtime.store.read(
        lambda view: fitting(view, provider=provider, private_addresses=private)
    )
    return CheckedOut(name=fitted.name, meaning=list(in_words(fitted)))


@router.post("/api/amendments/plan", responses=refusals(*AMENDING))
async def plan_amendment(body: NewAmendment, runtime: Rt, admin: ActingAdmin) -> EffectOut:
    """Say what an amendment would do, and do nothing. Admins only."""
    return effect_of(await show(runtime, admin, _amendment(body)))


@router.post("/api/amendments", status_code=201, responses=refusals(*AMENDING))
async def ask_for_amendment(body: NewAmendment, runtime: Rt, admin: ActingAdmin) -> AskedOut:
    """Keep an amendment for an hour, for its admin to confirm on a page with their password."""
    shown = await show(runtime, admin, _amendment(body))
    amendment_id, expires_at = await ask(runtime, admin, shown.amendment)
    url = runtime.config.base_url + paths.amendment(amendment_id)
    return AskedOut(url=url, expires_at=expires_at, effect=effect_of(shown))


def effect_of(shown: Shown) -> EffectOut:
    """The effect as it is told."""
    return EffectOut(
        act=shown.plan.act,
        name=shown.plan.before.name,
        new_places=list(shown.plan.new_places),
        connections=shown.effect.connections,
        people=shown.effect.people,
        grants=shown.effect.grants,
        auth_sessions=shown.effect.auth_sessions,
        consequences=list(consequences(shown.plan, shown.effect)),
    )


def _amendment(body: NewAmendment) -> Amendment:
    return Amendment(
        act=body.act,
        name=body.name,
        definition=body.definition,
        private_addresses=body.private_addresses,
    )
