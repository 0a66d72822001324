"""What a person is asked for to connect a provider by a key: one text, or several with a name each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authsome.provider.errors import DefinitionInvalid
from authsome.provider.fields import check_keys, read_flag, read_text

SOLE = "api_key"  # what the one field of a definition without `fields` is called
MOST_FIELDS = 8
LONGEST_LABEL = 64
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class KeyField:
    """One text. What is not `secret`, such as an account's id, may be seen while it is typed."""

    name: str
    label: str
    secret: bool = True

    def definition(self) -> dict[str, Any]:
        """The entry in the form of a file, which reads back as the same."""
        raw: dict[str, Any] = {"name": self.name, "label": self.label}
        return raw if self.secret else {**raw, "secret": False}


def read_key_fields(given: Any) -> tuple[KeyField, ...]:
    """The list `fields` of a definition. Raises `DefinitionInvalid`."""
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_FIELDS:
        raise DefinitionInvalid(f"fields must be a list of 1 to {MOST_FIELDS} objects with name and label")
    fields = tuple(_field(one) for one in given)
    for what in ([one.name for one in fields], [one.label for one in fields]):
        if len(set(what)) != len(what):
            raise DefinitionInvalid("fields has a name or label twice, so that nobody could tell them apart")
    return fields


def _field(given: Any) -> KeyField:
    if not isinstance(given, Mapping):
        raise DefinitionInvalid("fields must hold objects with name and label")
    check_keys(given, allowed=("name", "label", "secret"), required=("name", "label"), where="fields")
    name = given["name"]
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise DefinitionInvalid(
            "fields: name must be 1 to 32 of a-z, 0-9 and underscores, and begin with a letter"
        )
    label = read_text(given, "label", longest=LONGEST_LABEL, within="fields: ")
    return KeyField(name, label, read_flag(given, "secret", default=True, within="fields: "))
