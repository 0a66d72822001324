"""Dashboards and what stands on them. Source: `posthog/api/dashboards/dashboard.py`."""

from __future__ import annotations

import copy

from authsome.testing.posthog.private.endpoint import Answered, Ask, Endpoint, Json, Problem, invalid
from authsome.testing.posthog.private.kept import insights
from authsome.testing.posthog.private.kept.fields import (
    LONGEST_NAME,
    LONGEST_TEXT,
    find,
    flag,
    tags,
    text_of,
    texts,
)
from authsome.testing.posthog.private.kept.pages import page
from authsome.testing.posthog.private.kept.state import Kept, Made, Text, Tile

TEXTS = {"name": LONGEST_NAME, "description": None}
SHOWN = ("layouts", "color", "deleted")


def listed(ask: Ask) -> Answered:
    """`GET dashboards/`: pinned ones first, then by name; without their tiles."""
    there = [made for made in ask.kept.dashboards.values() if not made.deleted]
    there.sort(key=lambda made: (not made.fields["pinned"], made.fields["name"] or ""))
    return page(ask, [_outline(made) for made in there])


def created(ask: Ask) -> Answered:
    """`POST dashboards/`: `tiles` are ignored without a word."""
    given = {"name": None, "description": "", "pinned": False, **texts(ask.document, TEXTS)}
    pinned = flag(ask.document, "pinned")
    filters = _filters(ask.document)
    fields = given | ({"pinned": pinned} if pinned is not None else {}) | {"filters": filters or {}}
    made = ask.kept.make(ask.kept.dashboards, fields, tags(ask.document) or [])
    return Answered(status=201, document=_whole(ask.kept, made))


def retrieved(ask: Ask) -> Answered:
    return Answered(document=_whole(ask.kept, find(ask.kept.dashboards, ask.id)))


def changed(ask: Ask) -> Answered:
    """`PATCH dashboards/:id/`: what was sent, and of the tiles those that are named."""
    kept, document = ask.kept, ask.document
    deleted = flag(document, "deleted")
    made = find(kept.dashboards, ask.id, deleted_too=deleted is False)
    if deleted is not None:
        _delete(kept, made, deleted=deleted, insights_too=flag(document, "delete_insights") or False)
    pinned = flag(document, "pinned")
    made.fields |= texts(document, TEXTS) | ({} if pinned is None else {"pinned": pinned})
    if filters := _filters(document):  # an empty one changes nothing
        made.fields["filters"] = filters
    if (given := tags(document)) is not None and kept.licensed:
        made.tags = given
    for tile in document.get("tiles") or []:
        _change_tile(kept, made, tile)
    return Answered(document=_whole(kept, made))


def _delete(kept: Kept, made: Made, *, deleted: bool, insights_too: bool) -> None:
    if deleted and insights_too:
        for tile in list(kept.tiles_on(made.id)):
            if tile.insight is not None and len(list(kept.tiles_of(tile.insight))) == 1:
                kept.insights[tile.insight].deleted = True
    for tile in kept.tiles.values():
        if tile.dashboard == made.id:
            tile.deleted = deleted
    made.deleted = deleted


def _change_tile(kept: Kept, made: Made, sent: Json) -> None:
    tile = kept.tiles.get(sent.get("id") or 0)
    if tile is not None and tile.dashboard != made.id:
        raise invalid("Tile not found.", attr="tiles")
    written = sent.get("text")
    if tile is None and not written:
        # The real one makes a tile of nothing, which its own database then refuses.
        raise Problem(500, "server_error", "error", detail="A server error occurred.")
    text = _written(kept, tile, written) if written else None
    if tile is None:
        tile = Tile(id=kept.next_id(), dashboard=made.id)
        kept.tiles[tile.id] = tile
    tile.text = text or tile.text
    for name in SHOWN:
        if name in sent:
            setattr(tile, name, copy.deepcopy(sent[name]))


def _written(kept: Kept, tile: Tile | None, written: Json) -> Text:
    body = text_of(written, "body", longest=LONGEST_TEXT)
    if not body:
        raise invalid("This field is required.", code="required", attr="text")
    known = tile.text.id if tile and tile.text else None
    if written.get("id") not in (None, known):
        raise invalid("Text tile not found.", attr="text")
    return Text(id=written.get("id") or kept.next_id(), body=body)


def _filters(document: Json) -> Json | None:
    filters = document.get("filters")
    if filters and not isinstance(filters, dict):
        raise invalid("Filters must be a dictionary", attr="filters")
    return filters


def _outline(made: Made) -> Json:
    shown = {name: made.fields[name] for name in ("name", "description", "pinned")}
    return {"id": made.id, **shown, "tags": list(made.tags), "deleted": False, "creation_mode": "default"}


def _whole(kept: Kept, made: Made) -> Json:
    tiles = [_tile(kept, made, tile, order) for order, tile in enumerate(kept.tiles_on(made.id))]
    whole = {**_outline(made), "filters": made.fields["filters"], "tiles": tiles, "deleted": made.deleted}
    return copy.deepcopy(whole)


def _tile(kept: Kept, made: Made, tile: Tile, order: int) -> Json:
    insight = insights.shown(kept, kept.insights[tile.insight]) if tile.insight is not None else None
    if insight is not None and made.fields["filters"]:
        insight["query"] = _filtered(insight["query"], made.fields["filters"])
    return {
        "id": tile.id,
        "insight": insight,
        "text": {"id": tile.text.id, "body": tile.text.body} if tile.text else None,
        "layouts": tile.layouts,
        "color": tile.color,
        "order": order,
        "is_cached": False,
    }


def _filtered(query: Json, filters: Json) -> Json:
    """The query as the dashboard shows it: its dates are the dashboard's."""
    query = copy.deepcopy(query)
    dates = {name: filters.get(name) for name in ("date_from", "date_to")}
    source = query.get("source", query)
    if source.get("kind") == "HogQLQuery":
        source["filters"] = {**(source.get("filters") or {}), "dateRange": dates}
    else:
        source["dateRange"] = dates
    return query


ENDPOINTS = (
    Endpoint(method="GET", path="dashboards", scope="dashboard:read", answer=listed),
    Endpoint(method="POST", path="dashboards", scope="dashboard:write", answer=created),
    Endpoint(method="GET", path="dashboards/{id}", scope="dashboard:read", answer=retrieved),
    Endpoint(method="PATCH", path="dashboards/{id}", scope="dashboard:write", answer=changed),
)
