"""Texts with places in them: `Bearer {api_key}`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from authsome.kit.secret import Secret
from authsome.provider.errors import DefinitionInvalid

LONGEST = 200
_PLACE = re.compile(r"\{([^{}]*)\}")


def place(name: str) -> str:
    """How a template names a field."""
    return "{" + name + "}"


def places_in(template: str) -> list[str]:
    """The names of its places, in order."""
    return _PLACE.findall(template)


def fill(template: str, values: Mapping[str, Secret]) -> str:
    """SECRET. In one pass: a value that looks like a place is not one."""
    return _PLACE.sub(lambda found: values[found[1]].reveal(), template)


def check_template(text: object, known: Collection[str], *, where: str, needs_place: bool = True) -> str:
    """The template, if it is one over these names. Raises `DefinitionInvalid`."""
    if not isinstance(text, str) or len(text) > LONGEST or not text.isascii() or not text.isprintable():
        raise DefinitionInvalid(f"{where} must be plain text of up to {LONGEST} characters")
    found = places_in(text)
    if set("{}") & set(_PLACE.sub("", text)) or len(set(found)) != len(found):
        raise DefinitionInvalid(f"{where} must have each place once, written as {{name}}")
    for name in found:
        if name not in known:
            names = ", ".join(place(one) for one in known)
            raise DefinitionInvalid(f"{where} has the place {place(name[:40])!a}; there are {names}")
    if needs_place and not found:
        names = " or ".join(place(one) for one in known)
        raise DefinitionInvalid(f"{where} must have {names} in it, or it would carry nothing")
    return text
