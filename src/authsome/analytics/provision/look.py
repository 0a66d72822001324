"""Read what is in the project and carries our mark. Never writes.

Insights are read one by one: a list may leave queries out, and a dashboard shows them with its own filters
mixed in, which would look like drift.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from authsome.analytics.provision.errors import PostHogRefuses, TimeZonesDiffer
from authsome.analytics.provision.found import (
    Described,
    Found,
    FoundAction,
    FoundDashboard,
    FoundInsight,
    FoundTile,
)
from authsome.analytics.provision.mark import key_in
from authsome.analytics.provision.project import GONE, Project, refusal
from authsome.telemetry.sinks.posthog.private.answer import Answered, NotAllowed, Refused

Json = dict[str, Any]
UTC_NAMES = frozenset({"UTC", "Etc/UTC"})
SHORT = {"basic": "true"}


class Actions(Enum):
    """Whether actions are looked at. A key need not be allowed to see them unless they are wanted."""

    NOT = "not"
    IF_ALLOWED = "if allowed"
    NEEDED = "needed"


async def hold_time_zone(project: Project, time_zone: str) -> None:
    """Raises `TimeZonesDiffer` where the project cuts its days elsewhere than the installation."""
    theirs = (await project.read("")).get("timezone")
    if not isinstance(theirs, str):
        raise PostHogRefuses("the project says nothing of its time zone; is AUTHSOME_POSTHOG_API_HOST right?")
    if theirs != time_zone and not {theirs, time_zone} <= UTC_NAMES:
        raise TimeZonesDiffer(
            f"the project's time zone is {theirs}, the installation's (AUTHSOME_TIME_ZONE) is {time_zone}"
        )


async def look(
    project: Project, *, actions: Actions, events: Iterable[str] | None, properties: Iterable[str] | None
) -> Found:
    """All of ours. `events` and `properties` are names whose definitions are wanted, None for all of them."""
    notes = list[str]()
    dashboards = [
        await _dashboard(project, row["id"], notes) for row in _ours(await project.read_all("dashboards"))
    ]
    rows = _ours(await project.read_all("insights", SHORT))
    insights = [found for row in rows if (found := await _insight(project, row["id"])) is not None]
    return Found(
        dashboards=tuple(dashboards),
        insights=tuple(insights),
        actions=await _actions(project, actions, notes),
        events=await _described(project, "event", events, notes),
        properties=await _described(project, "property", properties, notes),
        notes=tuple(notes),
    )


def _ours(rows: list[Json]) -> list[Json]:
    """Those with our mark, the oldest first; a page that shifted while it was read may name one twice."""
    by_id = {row["id"]: row for row in rows if key_in(row.get("description"), row["id"])}
    return [by_id[one] for one in sorted(by_id)]


async def _dashboard(project: Project, number: int, notes: list[str]) -> FoundDashboard:
    row = await project.read(f"dashboards/{number}")
    filters = row.get("filters") or {}
    if filters.get("date_from") or filters.get("date_to"):
        notes.append(
            f"{row.get('name')} has a date range of its own, which its tiles follow instead of theirs"
        )
    return FoundDashboard(
        id=number,
        key=key_in(row.get("description"), number) or "",
        name=row.get("name") or "",
        description=row.get("description") or "",
        tiles=tiles_of(row),
    )


def tiles_of(dashboard: Json) -> tuple[FoundTile, ...]:
    """What stands on a dashboard, from its document."""
    return tuple(_tile(tile) for tile in dashboard.get("tiles") or [] if not tile.get("deleted"))


def _tile(tile: Json) -> FoundTile:
    insight, text = tile.get("insight") or {}, tile.get("text") or {}
    body = text.get("body") or ""
    key = key_in(insight.get("description"), insight.get("id")) if insight else key_in(body)
    layouts = tile.get("layouts") or {}
    return FoundTile(id=tile["id"], key=key, layouts=layouts, text_id=text.get("id"), body=body)


async def _insight(project: Project, number: int) -> FoundInsight | None:
    answer = await project.ask_for(f"insights/{number}")
    if isinstance(answer, Refused) and answer.status == GONE:
        return None  # deleted since the list was read
    if not isinstance(answer, Answered):
        raise refusal(answer, f"insights/{number}")
    row = answer.document
    return FoundInsight(
        id=number,
        key=key_in(row.get("description"), number) or "",
        name=row.get("name") or "",
        description=row.get("description") or "",
        query=row.get("query") or {},
        dashboards=dashboards_of(row),
    )


def dashboards_of(insight: Json) -> tuple[int, ...]:
    """Where an insight stands, from its document: all of it, because a change of the list replaces it."""
    tiles = insight.get("dashboard_tiles")
    if tiles is None:
        return tuple(insight.get("dashboards") or ())
    return tuple(tile["dashboard_id"] for tile in tiles if not tile.get("deleted"))


async def _actions(project: Project, asked: Actions, notes: list[str]) -> tuple[FoundAction, ...]:
    if asked is Actions.NOT:
        return ()
    rows = await project.rows("actions")
    if isinstance(rows, NotAllowed) and asked is Actions.IF_ALLOWED:
        notes.append(f"actions were not looked at: {rows.reason}")
        return ()
    if not isinstance(rows, list):
        raise refusal(rows, "actions")
    return tuple(
        FoundAction(
            id=row["id"],
            key=key_in(row.get("description"), row["id"]) or "",
            name=row.get("name") or "",
            description=row.get("description") or "",
            steps=tuple(row.get("steps") or ()),
        )
        for row in _ours(rows)
    )


async def _described(
    project: Project, kind: str, names: Iterable[str] | None, notes: list[str]
) -> Mapping[str, Described]:
    """The definitions of these events or properties, where PostHog keeps descriptions and shows them."""
    wanted = None if names is None else frozenset(names)
    query = {"type": "event"} if kind == "property" else {}
    if wanted is not None and kind == "property":
        query["properties"] = ",".join(sorted(wanted))
    rows = await project.rows(f"{kind}_definitions", query)
    if isinstance(rows, NotAllowed | Refused):
        notes.append(f"descriptions of {_many(kind)} were not looked at: {rows.reason}")
        return {}
    if not isinstance(rows, list):
        raise refusal(rows, f"{kind}_definitions")
    here = [row for row in rows if wanted is None or row["name"] in wanted]
    if here and not any("description" in row for row in here):
        notes.append(f"this PostHog keeps no descriptions of {_many(kind)}")
        return {}
    if wanted is not None and (unseen := len(wanted) - len(here)):
        notes.append(
            f"{unseen} of {len(wanted)} {_many(kind)} were not seen by this project yet; apply again later"
        )
    return {
        row["name"]: Described(id=row["id"], name=row["name"], description=row.get("description") or "")
        for row in here
    }


def _many(kind: str) -> str:
    return "events" if kind == "event" else "properties"
