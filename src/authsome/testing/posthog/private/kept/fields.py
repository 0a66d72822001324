"""Read what was sent as Django's REST framework does: known fields by type and length, others ignored."""

from __future__ import annotations

from typing import Any

from authsome.testing.posthog.private.endpoint import Json, Problem, invalid
from authsome.testing.posthog.private.kept.state import Made

LONGEST_NAME = LONGEST_DESCRIPTION = 400
LONGEST_TEXT = 4_000


def text_of(document: Json, name: str, *, longest: int | None = None) -> str | None:
    """The text, without spaces around it; None where the field was not sent."""
    value = document.get(name)
    if name not in document or value is None:
        return None
    if not isinstance(value, str):
        raise invalid("Not a valid string.", attr=name)
    value = value.strip()
    if longest is not None and len(value) > longest:
        detail = f"Ensure this field has no more than {longest} characters."
        raise invalid(detail, code="max_length", attr=name)
    return value


def texts(document: Json, longest: dict[str, int | None]) -> Json:
    """The text fields that were sent."""
    read = {name: text_of(document, name, longest=most) for name, most in longest.items()}
    return {name: value for name, value in read.items() if value is not None}


def flag(document: Json, name: str) -> bool | None:
    value = document.get(name)
    if name in document and not isinstance(value, bool):
        raise invalid("Must be a valid boolean.", attr=name)
    return value


def ids(document: Json, name: str) -> list[int] | None:
    value = document.get(name)
    if name not in document:
        return None
    if not isinstance(value, list) or not all(type(one) is int for one in value):
        raise invalid("Incorrect type. Expected pk value.", code="incorrect_type", attr=name)
    return value


def tags(document: Json) -> list[str] | None:
    value: Any = document.get("tags")
    if "tags" not in document:
        return None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise invalid("Expected a list of strings.", attr="tags")
    return value


def find(shelf: dict[int, Made], text_id: str | None, *, deleted_too: bool = False) -> Made:
    """One by its id in the path. What is deleted is only found by whoever undeletes it."""
    made = shelf.get(int(text_id)) if text_id and text_id.isdecimal() else None
    if made is None or (made.deleted and not deleted_too):
        raise Problem(404, "invalid_request", "not_found", detail="Not found.")
    return made
