"""Reading one key of a definition, strictly: what is wrong is named, and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from authsome.provider.errors import DefinitionInvalid

_URL = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_text(raw: Mapping[str, Any], key: str, *, longest: int, within: str = "") -> str:
    """One line. Raises `DefinitionInvalid`."""
    value = raw[key]
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
        raise DefinitionInvalid(f"{within}{key} must be one line of 1 to {longest} printable characters")
    return value


def read_url(raw: Mapping[str, Any], key: str, *, within: str = "") -> str | None:
    """An https:// address, or None where the key is not there. Raises `DefinitionInvalid`."""
    if key not in raw:
        return None
    value = read_text(raw, key, longest=500, within=within)
    if not _URL.fullmatch(value):
        raise DefinitionInvalid(f"{within}{key} must be an https:// address")
    return value


def read_day(raw: Mapping[str, Any], key: str, *, within: str = "") -> str | None:
    """A day, or None where the key is not there. Raises `DefinitionInvalid`."""
    if key not in raw:
        return None
    value = read_text(raw, key, longest=10, within=within)
    if not _DAY.fullmatch(value):
        raise DefinitionInvalid(f"{within}{key} must be a day such as 2026-01-31")
    return value


def read_flag(raw: Mapping[str, Any], key: str, *, default: bool, within: str = "") -> bool:
    """True or false. Raises `DefinitionInvalid`."""
    value = raw.get(key, default)
    if not isinstance(value, bool):
        raise DefinitionInvalid(f"{within}{key} must be true or false")
    return value


def check_keys(
    raw: Mapping[str, Any], *, allowed: tuple[str, ...], required: tuple[str, ...], where: str
) -> None:
    """Raises `DefinitionInvalid` for a key that is unknown or missing."""
    for key in raw:
        if key not in allowed:
            raise DefinitionInvalid(
                f"{where} has the unknown key {str(key)[:40]!a}; allowed: {', '.join(allowed)}"
            )
    for key in required:
        if key not in raw:
            raise DefinitionInvalid(f"{where} lacks the key {key}")
