"""The pages of numbers: a dashboard of everybody for admins, one of their own for every principal.

The numbers come from the runtime as plain values; a route may not ask analytics itself. What is chosen is in
the address, for the page and for the files of its tiles alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.kit.errors import InputInvalid
from authsome.provider.find import list_providers
from authsome.runtime.runtime import Runtime
from authsome.server.visit import SignedIn, SignedInVisit, go
from authsome.server.web import paths
from authsome.server.web.dashboards.ask import MINE, ask
from authsome.server.web.dashboards.choices import Choices, Misread, read_choices
from authsome.server.web.dashboards.errors import DashboardForAdmins, TileMissing
from authsome.server.web.dashboards.export import File, csv_file, json_file
from authsome.server.web.dashboards.page import Known, dashboard_page, misread_page
from authsome.server.web.dashboards.scene import scene_of
from authsome.server.web.headers import security_headers

router = APIRouter(include_in_schema=False)

HANDLES = 200  # as many are offered to choose from; any other can be typed


@router.get(paths.ANALYTICS)
async def first(visit: SignedIn) -> Response:
    """The first dashboard that the visitor may see, with the choices of the address."""
    name = "adoption" if visit.caller.is_admin else MINE
    query = visit.request.url.query
    return go(paths.dashboard(name) + (f"?{query}" if query else ""))


@router.get(paths.dashboard("adoption"))
async def adoption(visit: SignedIn) -> Response:
    """Who joins and who stays."""
    return await _show(visit, "adoption")


@router.get(paths.dashboard("reliability"))
async def reliability(visit: SignedIn) -> Response:
    """What works and what does not."""
    return await _show(visit, "reliability")


@router.get(paths.MINE)
async def mine(visit: SignedIn) -> Response:
    """The visitor's own agents and connections."""
    return await _show(visit, MINE)


@router.get("/analytics/{dashboard}/{tile}.csv")
async def as_csv(visit: SignedIn, dashboard: str, tile: str, *, table: str = "") -> Response:
    """A table of a tile for a spreadsheet."""
    asked, runtime = await _asked(visit, dashboard), visit.runtime
    choices, me = asked.choices_or_refusal(), visit.principal.id
    answer = await ask(runtime.analytics, choices, principal_id=me)
    scene = scene_of(answer, asked.known.providers)
    return _sent(csv_file(answer, tile, scene, table=table))


@router.get("/analytics/{dashboard}/{tile}.json")
async def as_json(visit: SignedIn, dashboard: str, tile: str) -> Response:
    """A tile for a program: what the API says of the dashboard, with this tile alone."""
    asked, runtime = await _asked(visit, dashboard), visit.runtime
    choices, me = asked.choices_or_refusal(), visit.principal.id
    answer = await ask(runtime.analytics, choices, principal_id=me)
    return _sent(json_file(answer, tile))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request for a dashboard, as far as it could be read."""

    choices: Choices | Misread
    known: Known

    def choices_or_refusal(self) -> Choices:
        """Raises `InputInvalid`: a file has no place to show what was wrong."""
        if isinstance(self.choices, Misread):
            raise InputInvalid("; ".join(f"{name}: {why}" for name, why in self.choices.errors.items()))
        return self.choices


async def _show(visit: SignedInVisit, dashboard: str) -> Response:
    asked = await _asked(visit, dashboard)
    if isinstance(asked.choices, Misread):
        clock, zone = visit.runtime.store.clock, visit.runtime.config.time_zone
        page = misread_page(dashboard, asked.choices, asked.known, time_zone=zone, now=clock.now())
        return visit.show(page, error=InputInvalid())
    answer = await ask(visit.runtime.analytics, asked.choices, principal_id=visit.principal.id)
    return visit.show(dashboard_page(answer, asked.choices, asked.known))


async def _asked(visit: SignedInVisit, dashboard: str) -> _Asked:
    """Raises `DashboardForAdmins`, or `TileMissing` for a file of a dashboard that there is not."""
    if dashboard not in ("adoption", "reliability", MINE):
        raise TileMissing
    if dashboard != MINE and not visit.caller.is_admin:
        raise DashboardForAdmins
    runtime = visit.runtime
    choices = read_choices(dashboard, visit.request.query_params, runtime.analytics.today())
    owner = visit.principal.id if dashboard == MINE else None
    known = await _known(runtime, is_admin=visit.caller.is_admin, owner=owner)
    if isinstance(choices, Choices) and choices.identity:
        choices = await _with_identity(runtime, choices, owner, visit.request.query_params)
    return _Asked(choices=choices, known=known)


async def _known(runtime: Runtime, *, is_admin: bool, owner: str | None) -> Known:
    providers = await runtime.store.read(list_providers)
    found = await runtime.store.read(lambda view: view.identities.list(principal_id=owner, limit=HANDLES))
    return Known(
        is_admin=is_admin,
        providers={one.name: one.display_name for one in providers},
        handles=tuple(one.handle for one in found),
    )


async def _with_identity(
    runtime: Runtime, choices: Choices, owner: str | None, query: Mapping[str, str]
) -> Choices | Misread:
    """The same, or that there is no such identity. Whose it is, if not the visitor's, is not told."""
    found = await runtime.store.read(lambda view: view.identities.find_by_handle(choices.identity))
    if found is not None and owner in (None, found.principal_id):
        return choices
    said = "You have no identity with this handle." if owner else "There is no identity with this handle."
    return Misread(errors={"identity": said}, sent={**choices.query(), "identity": choices.identity})


def _sent(file: File) -> Response:
    headers = {**security_headers(), "Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.body, media_type=file.media_type, headers=headers)
