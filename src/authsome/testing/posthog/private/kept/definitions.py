"""Descriptions of the events and properties that were seen.

Source: `posthog/api/event_definition.py`, `property_definition.py` and their counterparts in `ee/`, which
alone know descriptions. There is a definition for what was captured once, and for nothing else.
"""

from __future__ import annotations

import uuid

from authsome.testing.posthog.private.endpoint import Answered, Ask, Endpoint, Json, Problem, invalid
from authsome.testing.posthog.private.kept.fields import text_of
from authsome.testing.posthog.private.kept.pages import page

IDS = uuid.UUID("6cf1f5e0-5a3a-4f0e-9c65-9c1f64b7b3a1")
EVENT, PROPERTY = "event", "property"
UNSUPPORTED = "This field is not supported by this deployment."


def events(ask: Ask) -> Answered:
    """`GET event_definitions/`, by name; `search` is part of a name."""
    wanted = ask.query.get("search", "")
    return page(ask, [_shown(ask, EVENT, name) for name in _event_names(ask) if wanted in name])


def change_event(ask: Ask) -> Answered:
    name = _named(ask, EVENT, _event_names(ask))
    if not ask.kept.licensed and "description" in ask.document:
        raise invalid(UNSUPPORTED, attr="description")
    return _describe(ask, EVENT, name)


def properties(ask: Ask) -> Answered:
    """`GET property_definitions/`; `properties` names those that are wanted, by commas."""
    wanted = set(filter(None, ask.query.get("properties", "").split(",")))
    names = [name for name in _property_names(ask) if not wanted or name in wanted]
    return page(ask, [_shown(ask, PROPERTY, name) for name in names])


def change_property(ask: Ask) -> Answered:
    name = _named(ask, PROPERTY, _property_names(ask))
    if not ask.kept.licensed and "description" in ask.document:
        detail = "This feature is part of the premium PostHog offering."
        raise Problem(402, "server_error", "payment_required", detail=detail)
    return _describe(ask, PROPERTY, name)


def _describe(ask: Ask, kind: str, name: str) -> Answered:
    described = text_of(ask.document, "description")
    if described is not None:
        ask.kept.descriptions[kind, name] = described
    return Answered(document=_shown(ask, kind, name))


def _event_names(ask: Ask) -> list[str]:
    return sorted({event.name for event in ask.ingestion.events})


def _property_names(ask: Ask) -> list[str]:
    return sorted({name for event in ask.ingestion.events for name in event.properties})


def _named(ask: Ask, kind: str, names: list[str]) -> str:
    for name in names:
        if _id(kind, name) == ask.id:
            return name
    raise Problem(404, "invalid_request", "not_found", detail="Not found.")


def _shown(ask: Ask, kind: str, name: str) -> Json:
    shown: Json = {"id": _id(kind, name), "name": name, "tags": []}
    if ask.kept.licensed:
        shown["description"] = ask.kept.descriptions.get((kind, name), "")
    return shown


def _id(kind: str, name: str) -> str:
    return str(uuid.uuid5(IDS, f"{kind} {name}"))


ENDPOINTS = (
    Endpoint(method="GET", path="event_definitions", scope="event_definition:read", answer=events),
    Endpoint(
        method="PATCH", path="event_definitions/{id}", scope="event_definition:write", answer=change_event
    ),
    Endpoint(method="GET", path="property_definitions", scope="property_definition:read", answer=properties),
    Endpoint(
        method="PATCH",
        path="property_definitions/{id}",
        scope="property_definition:write",
        answer=change_property,
    ),
)
