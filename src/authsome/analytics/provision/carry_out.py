"""Carry out one change. The traps of PostHog's API are met here, one function per kind of thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authsome.analytics.provision.change import Change, Thing, Verb
from authsome.analytics.provision.errors import PostHogRefuses
from authsome.analytics.provision.found import Found
from authsome.analytics.provision.look import dashboards_of, tiles_of
from authsome.analytics.provision.mark import marked
from authsome.analytics.provision.project import Project, refusal
from authsome.telemetry.sinks.posthog.private.answer import Answered, NotAllowed, Refused

Json = dict[str, Any]
TAGS = ["authsome"]  # for people who filter by them; an instance without a licence forgets them
SHELVES = {Thing.DASHBOARD: "dashboards", Thing.INSIGHT: "insights", Thing.ACTION: "actions"}
DEFINITIONS = {Thing.EVENT: "event_definitions", Thing.PROPERTY: "property_definitions"}


class CarryOut:
    """Writes to `project`. Knows the dashboards of `found`, and those that it makes."""

    def __init__(self, project: Project, found: Found) -> None:
        self._project = project
        self._dashboards: dict[str, int] = {}
        for dashboard in found.dashboards:
            self._dashboards.setdefault(dashboard.key, dashboard.id)

    async def __call__(self, change: Change) -> str | None:
        """Do it. Returns why not, where PostHog does not offer it and that is no reason to stop."""
        match change.thing:
            case Thing.TEXT:
                await self._text(change)
            case Thing.LAYOUT:
                await self._arrange(change)
            case Thing.EVENT | Thing.PROPERTY:
                return await self._describe(change)
            case _ if change.verb is Verb.CREATE:
                await self._create(change)
            case _:
                await self._change(change)
        return None

    async def _create(self, change: Change) -> None:
        """Made with the mark alone, and marked with its id once that is known."""
        shelf = SHELVES[change.thing]
        text = str(change.fields["description"])
        document = {**change.fields, "description": marked(text, change.key), "tags": TAGS}
        if change.thing is Thing.INSIGHT:
            document["dashboards"] = [self._dashboards[change.on]]
        made = await self._project.create(shelf, document)
        number = made.get("id")
        if not isinstance(number, int):
            raise PostHogRefuses(f"{shelf}: the answer has no id")
        if change.thing is Thing.DASHBOARD:
            self._dashboards[change.key] = number
        await self._patch(change, number, {"description": marked(text, change.key, number)})

    async def _change(self, change: Change) -> None:
        """There is no DELETE: what goes is marked as deleted, and can be restored in PostHog."""
        assert isinstance(change.id, int)
        if change.verb is Verb.REMOVE:
            await self._patch(change, change.id, {"deleted": True})
            return
        fields = dict(change.fields)
        if "dashboards" in fields:
            # The list replaces the one that is there, so it is read at the last moment.
            known = dashboards_of(await self._project.read(f"insights/{change.id}"))
            fields["dashboards"] = sorted({*known, self._dashboards[change.on]})
        await self._patch(change, change.id, fields)

    async def _patch(self, change: Change, number: int, fields: Mapping[str, Any]) -> None:
        # An action has to be named again with every change.
        named = {"name": change.name} if change.thing is Thing.ACTION else {}
        await self._project.change(f"{SHELVES[change.thing]}/{number}", {**named, **fields})

    async def _text(self, change: Change) -> None:
        path = f"dashboards/{self._dashboards[change.on]}"
        if change.verb is Verb.REMOVE:
            await self._project.change(path, {"tiles": [{"id": change.id, "deleted": True}]})
            return
        text = {"body": change.fields["body"]}
        if change.verb is Verb.CREATE:
            await self._project.add_to(path, {"tiles": [{"text": text}]})
            return
        text["id"] = change.fields["text_id"]
        await self._project.change(path, {"tiles": [{"id": change.id, "text": text}]})

    async def _arrange(self, change: Change) -> None:
        """Tiles have ids only once they are there; one without an id would be made anew."""
        path = f"dashboards/{self._dashboards[change.on]}"
        tiles = sorted(tiles_of(await self._project.read(path)), key=lambda tile: -tile.id)
        there = {tile.key: tile.id for tile in tiles}  # of two the older one
        moved = [
            {"id": there[key], "layouts": layouts} for key, layouts in change.fields.items() if key in there
        ]
        if moved:
            await self._project.change(path, {"tiles": moved})

    async def _describe(self, change: Change) -> str | None:
        path = f"{DEFINITIONS[change.thing]}/{change.id}"
        answer = await self._project.ask_to_change(path, dict(change.fields))
        if isinstance(answer, Answered):
            return None
        if isinstance(answer, NotAllowed | Refused):
            return answer.reason
        raise refusal(answer, path)
