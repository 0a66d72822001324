"""Read the section `inject` of a definition: where secrets may be written, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from authsome.provider.definition.header import read_header_name
from authsome.provider.definition.inject import AUTHORIZATION, Basic, Injection, Templates
from authsome.provider.definition.key_fields import KeyField
from authsome.provider.definition.template import check_template, place
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.fields import check_keys

MOST_HEADERS, MOST_PARAMETERS, MOST_REMOVED = 5, 5, 10
_KEYS = ("header", "template", "headers", "query", "basic", "remove")
_PARAMETER = re.compile(r"[A-Za-z0-9._~-]{1,64}")


def read_injection(given: Any, fields: Sequence[KeyField]) -> Injection:
    """The section `inject` of a definition. Raises `DefinitionInvalid`, naming the key that is wrong."""
    if not isinstance(given, Mapping):
        raise DefinitionInvalid("inject must be an object with header and template, query, or basic")
    check_keys(given, allowed=_KEYS, required=(), where="inject")
    names = [one.name for one in fields]
    found = Injection(
        header_templates=_headers(given, names),
        query_templates=_query(given["query"], names) if "query" in given else (),
        basic=_basic(given["basic"], names) if "basic" in given else None,
        remove=_removed(given.get("remove", [])),
    )
    lowered = [name.lower() for name, _ in found.header_templates]
    if found.basic and AUTHORIZATION.lower() in lowered:
        raise DefinitionInvalid("inject.basic writes Authorization, which inject may not set twice")
    if not found.carries():
        raise DefinitionInvalid("inject needs a header, a query parameter or basic to carry the key")
    for name in names:
        if name not in found.carries():
            raise DefinitionInvalid(f"inject carries the field {name} nowhere; name it as {place(name)}")
    return found


def _headers(given: Mapping[str, Any], names: Sequence[str]) -> Templates:
    if "headers" in given:
        if "header" in given or "template" in given:
            raise DefinitionInvalid("inject has headers, and so neither header nor template")
        return _several_headers(given["headers"], names)
    if "header" not in given:
        if "template" in given:
            raise DefinitionInvalid("inject.template is for a header, and inject.header is missing")
        return ()
    name = read_header_name(given["header"], "inject.header")
    text = given["template"] if "template" in given else _sole(names, "inject.template")
    return ((name, check_template(text, names, where="inject.template")),)


def _several_headers(given: Any, names: Sequence[str]) -> Templates:
    if not isinstance(given, Mapping) or not 1 <= len(given) <= MOST_HEADERS:
        raise DefinitionInvalid(f"inject.headers must be an object of 1 to {MOST_HEADERS} headers")
    if len({str(name).lower() for name in given}) != len(given):
        raise DefinitionInvalid("inject.headers has the same header twice")
    return tuple(
        sorted(
            (
                read_header_name(name, "inject.headers"),
                check_template(text, names, where=f"inject.headers.{name}"),
            )
            for name, text in given.items()
        )
    )


def _query(given: Any, names: Sequence[str]) -> Templates:
    if isinstance(given, str):
        given = {given: _sole(names, "inject.query")}
    if not isinstance(given, Mapping) or not 1 <= len(given) <= MOST_PARAMETERS:
        raise DefinitionInvalid(f"inject.query must be a name, or an object of up to {MOST_PARAMETERS}")
    for name in given:
        if not isinstance(name, str) or not _PARAMETER.fullmatch(name):
            raise DefinitionInvalid("inject.query must be a plain parameter name such as key")
    return tuple(
        sorted(
            (name, check_template(text, names, where=f"inject.query.{name}")) for name, text in given.items()
        )
    )


def _basic(given: Any, names: Sequence[str]) -> Basic:
    if not isinstance(given, Mapping):
        raise DefinitionInvalid("inject.basic must be an object with username and password")
    check_keys(given, allowed=("username", "password"), required=("username",), where="inject.basic")
    texts = [
        check_template(given.get(key, ""), names, where=f"inject.basic.{key}", needs_place=False)
        for key in ("username", "password")
    ]
    if ":" in texts[0]:
        raise DefinitionInvalid("inject.basic.username may have no colon: it ends the name (RFC 7617)")
    return Basic(*texts)


def _sole(names: Sequence[str], where: str) -> str:
    """Where there is one field, nobody has to say which."""
    if len(names) != 1:
        raise DefinitionInvalid(f"{where} must say which of the fields goes there, such as {place(names[0])}")
    return place(names[0])


def _removed(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or len(given) > MOST_REMOVED:
        raise DefinitionInvalid(f"inject.remove must be a list of up to {MOST_REMOVED} header names")
    return tuple(read_header_name(name, "inject.remove") for name in given)
