"""Read keys of a document that a stranger wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.web import Heard
from authsome.provider.errors import DefinitionInvalid, DiscoveryFailed
from authsome.provider.validate import parse_file

LONGEST_TEXT, MOST_VALUES = 500, 500


def is_json(heard: Heard) -> bool:
    """Whether it says that it is JSON, which both RFCs demand of their documents."""
    kind = heard.content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def read_document(heard: Heard) -> Mapping[str, Any]:
    """One object, no key twice. Raises `DiscoveryFailed`."""
    if not is_json(heard):
        raise DiscoveryFailed(DiscoveryFailure.MALFORMED, "it is not JSON")
    try:
        return parse_file(heard.body, is_toml=False)
    except DefinitionInvalid:
        raise DiscoveryFailed(DiscoveryFailure.MALFORMED, "it is not one JSON object") from None


def text_of(document: Mapping[str, Any], key: str) -> str:
    """Raises `DiscoveryFailed` where it is not there, or no text."""
    value = document.get(key)
    if not isinstance(value, str) or not value or len(value) > LONGEST_TEXT:
        raise DiscoveryFailed(DiscoveryFailure.MALFORMED, f"it lacks {key}")
    return value


def texts_of(document: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    """None where the key is not there. Raises `DiscoveryFailed` where it is no list of texts."""
    value = document.get(key)
    if value is None:
        return None
    if (
        not isinstance(value, list)
        or len(value) > MOST_VALUES
        or not all(isinstance(one, str) for one in value)
    ):
        raise DiscoveryFailed(DiscoveryFailure.MALFORMED, f"{key} is no list of texts")
    return tuple(value)


def flag_of(document: Mapping[str, Any], key: str) -> bool:
    """False where the key is not there. Raises `DiscoveryFailed` where it is neither true nor false."""
    value = document.get(key)
    if value is not None and not isinstance(value, bool):
        raise DiscoveryFailed(DiscoveryFailure.MALFORMED, f"{key} is neither true nor false")
    return bool(value)
