"""Actions. Source: `posthog/api/action.py`.

Their names are unique, a change has to name the action again, and the list is not cut into pages.
"""

from __future__ import annotations

import copy

from authsome.testing.posthog.private.endpoint import Answered, Ask, Endpoint, Json, invalid
from authsome.testing.posthog.private.kept.fields import LONGEST_NAME, find, flag, tags, texts
from authsome.testing.posthog.private.kept.state import Made

TEXTS = {"name": LONGEST_NAME, "description": None}
STEP = ("event", "properties", "selector", "tag_name", "text", "text_matching", "href", "url", "url_matching")


def listed(ask: Ask) -> Answered:
    there = [_shown(made) for made in ask.kept.actions.values() if not made.deleted]
    return Answered(document={"results": there})


def created(ask: Ask) -> Answered:
    steps = _steps(ask.document) or []
    _hold_unique(ask, None)
    fields = {"description": "", **texts(ask.document, TEXTS), "steps": steps}
    made = ask.kept.make(ask.kept.actions, fields, tags(ask.document) or [])
    return Answered(status=201, document=_shown(made))


def retrieved(ask: Ask) -> Answered:
    return Answered(document=_shown(find(ask.kept.actions, ask.id)))


def changed(ask: Ask) -> Answered:
    deleted, steps = flag(ask.document, "deleted"), _steps(ask.document)
    made = find(ask.kept.actions, ask.id, deleted_too=deleted is False)
    _hold_unique(ask, made)
    made.fields |= texts(ask.document, TEXTS) | ({"steps": steps} if steps is not None else {})
    if deleted is not None:
        made.deleted = deleted
    return Answered(document=_shown(made))


def _hold_unique(ask: Ask, itself: Made | None) -> None:
    name = texts(ask.document, TEXTS).get("name")
    if not name:
        raise invalid("This field is required.", code="required", attr="name")
    for other in ask.kept.actions.values():
        if other is not itself and not other.deleted and other.fields["name"] == name:
            detail = f"This project already has an action with this name, ID {other.id}"
            raise invalid(detail, code="unique", attr="name")


def _steps(document: Json) -> list[Json] | None:
    steps = document.get("steps")
    if "steps" not in document:
        return None
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise invalid('Expected a list of items but got type "str".', code="not_a_list", attr="steps")
    return [{name: step.get(name) for name in STEP} for step in steps]


def _shown(made: Made) -> Json:
    fields = copy.deepcopy(made.fields)
    return {"id": made.id, **fields, "tags": list(made.tags), "deleted": made.deleted, "is_action": True}


ENDPOINTS = (
    Endpoint(method="GET", path="actions", scope="action:read", answer=listed),
    Endpoint(method="POST", path="actions", scope="action:write", answer=created),
    Endpoint(method="GET", path="actions/{id}", scope="action:read", answer=retrieved),
    Endpoint(method="PATCH", path="actions/{id}", scope="action:write", answer=changed),
)
