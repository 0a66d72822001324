"""What can be connected."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from authsome.connection.flows import flows_of
from authsome.connection.model import Flow
from authsome.connection.ports import ConnectionWork
from authsome.provider.definition.category import Category
from authsome.provider.find import list_providers
from authsome.provider.meaning import origin_of
from authsome.provider.model import Provider
from authsome.provider.search import LONGEST_SEARCH, search
from authsome.server.visit import SignedIn
from authsome.server.web import paths
from authsome.server.web.pages import ProviderRow, ProvidersPage

Searched = Annotated[str, Query(alias="search")]
Kind = Annotated[str, Query(alias="category")]
router = APIRouter(include_in_schema=False)
ORIGINS = {"bundled": "bundled", "custom": "added here", "override": "bundled, overridden here"}
FLOWS = {
    Flow.API_KEY: "API key",
    Flow.AUTHORIZATION_CODE: "its own page",
    Flow.DEVICE_CODE: "a code",
    Flow.CLIENT_CREDENTIALS: "our own client",
}


@router.get(paths.PROVIDERS)
async def show(visit: SignedIn, *, words: Searched = "", kind: Kind = "") -> Response:
    """All providers, or those that fit, with how often the principal has connected each.

    An address that somebody changed by hand is no error here: an unknown category is no category.
    """
    words, category = words.strip()[:LONGEST_SEARCH], _category(kind)

    def look(view: ConnectionWork) -> tuple[list[Provider], Counter[str]]:
        live = view.connections.list_live(visit.principal.id)
        return list_providers(view), Counter(one.provider for one in live)

    found, connected = await visit.runtime.store.read(look)
    rows = (
        ProviderRow(
            key=one.name,
            name=one.display_name,
            description=one.description or "",
            categories=tuple(category.heading for category in one.categories),
            flow=" or ".join(FLOWS[flow] for flow in flows_of(one)),
            origin=ORIGINS[origin_of(one)],
            hosts=tuple(str(host) for host in one.hosts),
            docs_url=one.documentation_url or one.key_url or "",
            connections=connected[one.name],
        )
        for one in search(found, words, category=category)
    )
    held = {kind for one in found for kind in one.categories}
    page = ProvidersPage(
        providers=tuple(rows),
        there_are=len(found),
        searched=words,
        category=category.value if category else "",
        may_add=visit.caller.is_admin,
        categories=tuple((one.value, one.heading) for one in Category if one in held),
    )
    return visit.show(page)


def _category(text: str) -> Category | None:
    return Category(text) if text in list(Category) else None
