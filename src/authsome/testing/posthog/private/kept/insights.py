"""Insights. Source: `posthog/api/insight.py`."""

from __future__ import annotations

import copy

from authsome.testing.posthog.private.endpoint import Answered, Ask, Endpoint, Json, invalid
from authsome.testing.posthog.private.kept.fields import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    find,
    flag,
    ids,
    tags,
    texts,
)
from authsome.testing.posthog.private.kept.nodes import fault
from authsome.testing.posthog.private.kept.pages import page
from authsome.testing.posthog.private.kept.state import Kept, Made

TEXTS: dict[str, int | None] = {"name": LONGEST_NAME, "description": LONGEST_DESCRIPTION}
SEARCHED = ("name", "description")
BASIC = ("query", "result", "hogql", "timezone", "is_cached")  # what a short list leaves out


def listed(ask: Ask) -> Answered:
    """`GET insights/`, the latest first. `basic` leaves queries out, `search` looks at names and texts."""
    there = [made for made in ask.kept.insights.values() if not made.deleted]
    if wanted := ask.query.get("search", "").lower():
        there = [m for m in there if any(wanted in (m.fields[name] or "").lower() for name in SEARCHED)]
    rows = [shown(ask.kept, made) for made in reversed(there)]
    if "basic" in ask.query:
        rows = [{name: value for name, value in row.items() if name not in BASIC} for row in rows]
    return page(ask, rows)


def created(ask: Ask) -> Answered:
    """`POST insights/`: one tile on each of the `dashboards`, which the answer names."""
    query = _query(ask.document)
    if query is None:
        raise invalid("This field is required.", code="required", attr="query")
    on = _dashboards(ask.kept, ask.document) or []
    fields = {"name": None, "description": "", **texts(ask.document, TEXTS), "query": query}
    made = ask.kept.make(ask.kept.insights, fields, tags(ask.document) or [])
    for dashboard in on:
        ask.kept.put(made.id, dashboard)
    return Answered(status=201, document=shown(ask.kept, made))


def retrieved(ask: Ask) -> Answered:
    return Answered(document=shown(ask.kept, find(ask.kept.insights, ask.id)))


def changed(ask: Ask) -> Answered:
    """`PATCH insights/:id/`. `dashboards`, if sent, is the whole list: from the others it is taken down."""
    kept, document = ask.kept, ask.document
    deleted = flag(document, "deleted")
    made = find(kept.insights, ask.id, deleted_too=deleted is False)
    query, on = _query(document), _dashboards(kept, document)
    made.fields |= texts(document, TEXTS)
    if query is not None:
        made.fields["query"] = query
    if deleted is not None:
        made.deleted = deleted
    if (given := tags(document)) is not None and kept.licensed:
        made.tags = given
    if on is not None:
        for tile in list(kept.tiles_of(made.id)):
            tile.deleted = tile.dashboard not in on
        for dashboard in on:
            kept.put(made.id, dashboard)
    return Answered(document=shown(kept, made))


def shown(kept: Kept, made: Made) -> Json:
    """One insight as it is answered, with what the server adds."""
    tiles = list(kept.tiles_of(made.id))
    return {
        "id": made.id,
        "short_id": f"Ins{made.id:05d}",
        "name": made.fields["name"],
        "derived_name": None,
        "description": made.fields["description"],
        "query": _with_defaults(made.fields["query"]),
        "dashboards": [tile.dashboard for tile in tiles],
        "dashboard_tiles": [
            {"id": tile.id, "dashboard_id": tile.dashboard, "deleted": False} for tile in tiles
        ],
        "tags": list(made.tags),
        "deleted": made.deleted,
        "saved": True,
        "result": None,
        "hogql": None,
        "is_cached": False,
        "timezone": kept.time_zone,
    }


def _query(document: Json) -> Json | None:
    query = document.get("query")
    if query is None:
        return None
    if (wrong := fault(query)) is not None:
        raise invalid(wrong, code="parse_error", attr="query")
    return copy.deepcopy(query) if isinstance(query, dict) else None


def _with_defaults(query: Json) -> Json:
    query = copy.deepcopy(query)
    query.setdefault("version", 2)
    source = query.get("source", {})
    source.setdefault("version", 2)
    source.setdefault("tags", None)
    for node in source.get("series", []):
        node.setdefault("version", None)
    return query


def _dashboards(kept: Kept, document: Json) -> list[int] | None:
    on = ids(document, "dashboards")
    for one in on or []:
        if one not in kept.dashboards or kept.dashboards[one].deleted:
            detail = f'Invalid pk "{one}" - object does not exist.'
            raise invalid(detail, code="does_not_exist", attr="dashboards")
    return on


ENDPOINTS = (
    Endpoint(method="GET", path="insights", scope="insight:read", answer=listed),
    Endpoint(method="POST", path="insights", scope="insight:write", answer=created),
    Endpoint(method="GET", path="insights/{id}", scope="insight:read", answer=retrieved),
    Endpoint(method="PATCH", path="insights/{id}", scope="insight:write", answer=changed),
)
