"""Which environment variables people keep a provider's key in, so that it can be found and moved here."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from authsome.provider.errors import DefinitionInvalid

MOST_VARIABLES = 8
OURS = "AUTHSOME_"
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,63}")

Environment = tuple[tuple[str, tuple[str, ...]], ...]


def read_environment(given: Any, *, fields: Collection[str]) -> Environment:
    """The key `environment` of a definition: for a field, its variables, the usual one first.

    Raises `DefinitionInvalid`. The gateway's own settings are not to be had: a definition that named the
    installation's key would have it sent to the definition's host.
    """
    if not isinstance(given, dict):
        raise DefinitionInvalid("environment must be an object of lists, such as api_key: [ACME_API_KEY]")
    seen: list[str] = []
    for field, names in given.items():
        if field not in fields:
            raise DefinitionInvalid(f"environment has the unknown field {str(field)[:40]!a}")
        if not isinstance(names, list) or not 1 <= len(names) <= MOST_VARIABLES:
            raise DefinitionInvalid(f"environment.{field} must be a list of 1 to {MOST_VARIABLES} names")
        for name in names:
            if not isinstance(name, str) or not _VARIABLE.fullmatch(name) or name.startswith(OURS):
                raise DefinitionInvalid(
                    f"environment.{field} must hold names such as ACME_API_KEY, and none of {OURS}…"
                )
        seen.extend(names)
    if len(set(seen)) != len(seen):
        raise DefinitionInvalid("environment names the same variable twice")
    return tuple((field, tuple(names)) for field, names in given.items())
