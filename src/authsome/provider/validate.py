"""Read a definition: the bytes of a file, then every key of it, strictly.

A definition decides where secrets go and is written by hand, so nothing is guessed: an unknown key is an
error that names the allowed ones, and every text is one line of bounded length.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from authsome.provider.definition.category import read_categories
from authsome.provider.definition.check import read_check
from authsome.provider.definition.environment import read_environment
from authsome.provider.definition.header import read_header_name
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.fields import check_keys, read_day, read_text, read_url
from authsome.provider.host import HostPattern, read_host_pattern
from authsome.provider.model import CUSTOM, KEY_FIELD, KEY_PLACE, Injection, Provider
from authsome.provider.oauth import read_oauth

LONGEST_FILE = 64 * 1024
MOST_HOSTS, MOST_REMOVED = 50, 10

_REQUIRED = ("name", "display_name", "hosts")
_OPTIONAL = (
    "description",
    "categories",
    "inject",
    "environment",
    "check",
    "oauth",
    "key_label",
    "key_url",
    "documentation_url",
    "checked_on",
)
_INJECT = ("header", "template", "query", "remove")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")
_PARAMETER = re.compile(r"[A-Za-z0-9._~-]{1,64}")


def parse_file(content: bytes, *, is_toml: bool) -> Mapping[str, Any]:
    """The mapping in a JSON or TOML file of at most 64 KiB. Raises `DefinitionInvalid`."""
    if len(content) > LONGEST_FILE:
        raise DefinitionInvalid("the file is longer than 64 KiB")
    try:
        text = content.decode("utf-8")
        raw = tomllib.loads(text) if is_toml else json.loads(text, object_pairs_hook=_no_repeats)
    except UnicodeDecodeError:
        raise DefinitionInvalid("the file is not UTF-8 text") from None
    except RecursionError:
        raise DefinitionInvalid("the file is nested too deeply") from None
    except ValueError as error:
        raise DefinitionInvalid(
            f"the file is not {'TOML' if is_toml else 'JSON'}: {str(error)[:120]}"
        ) from None
    if not isinstance(raw, dict):
        raise DefinitionInvalid("the file must hold one object with the keys " + ", ".join(_REQUIRED))
    return raw


def read_definition(raw: Mapping[str, Any], *, bundled: bool = False) -> Provider:
    """The provider that a mapping describes. Raises `DefinitionInvalid`, naming the key that is wrong."""
    check_keys(raw, allowed=(*_REQUIRED, *_OPTIONAL), required=_REQUIRED, where="the definition")
    name = read_text(raw, "name", longest=32)
    if not _NAME.fullmatch(name) or name == CUSTOM:
        raise DefinitionInvalid(
            "name must be 2 to 32 of a-z, 0-9 and hyphens, begin with a letter, and not be custom"
        )
    if "inject" not in raw and "oauth" not in raw:
        raise DefinitionInvalid("the definition lacks the key inject, or oauth")
    hosts = _hosts(raw["hosts"])
    key_fields = (KEY_FIELD,) if "inject" in raw else ()
    return Provider(
        name=name,
        display_name=read_text(raw, "display_name", longest=64),
        description=read_text(raw, "description", longest=120) if "description" in raw else None,
        categories=read_categories(raw.get("categories", [])),
        hosts=hosts,
        inject=_injection(raw["inject"]) if "inject" in raw else None,
        environment=read_environment(raw.get("environment", {}), fields=key_fields),
        check=read_check(raw["check"], hosts=hosts) if "check" in raw else None,
        oauth=read_oauth(raw["oauth"]) if "oauth" in raw else None,
        key_label=read_text(raw, "key_label", longest=64) if "key_label" in raw else "API key",
        key_url=read_url(raw, "key_url"),
        documentation_url=read_url(raw, "documentation_url"),
        checked_on=read_day(raw, "checked_on"),
        bundled=bundled,
    )


def _hosts(given: Any) -> tuple[HostPattern, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_HOSTS:
        raise DefinitionInvalid(f"hosts must be a list of 1 to {MOST_HOSTS} hosts")
    if not all(isinstance(text, str) and len(text) <= 300 for text in given):
        raise DefinitionInvalid("hosts must hold texts such as api.example.com or *.example.com:8443")
    hosts = tuple(read_host_pattern(text) for text in given)
    if len(set(hosts)) != len(hosts):
        raise DefinitionInvalid("hosts names the same host twice")
    return hosts


def _injection(given: Any) -> Injection:
    if not isinstance(given, dict):
        raise DefinitionInvalid("inject must be an object with header and template, or query")
    check_keys(given, allowed=_INJECT, required=(), where="inject")
    header = read_header_name(given["header"], "inject.header") if "header" in given else None
    query = read_text(given, "query", longest=64, within="inject.") if "query" in given else None
    if header is None and query is None:
        raise DefinitionInvalid("inject needs a header or a query parameter to carry the key")
    if query is not None and not _PARAMETER.fullmatch(query):
        raise DefinitionInvalid("inject.query must be a plain parameter name such as key")
    template = (
        read_text(given, "template", longest=200, within="inject.") if "template" in given else KEY_PLACE
    )
    if (
        template.count(KEY_PLACE) != 1
        or not template.isascii()
        or set("{}") & set(template.replace(KEY_PLACE, ""))
    ):
        raise DefinitionInvalid(f"inject.template must be plain text with {KEY_PLACE} in it once")
    if "template" in given and header is None:
        raise DefinitionInvalid("inject.template is for a header, and inject.header is missing")
    removed = given.get("remove", [])
    if not isinstance(removed, list) or len(removed) > MOST_REMOVED:
        raise DefinitionInvalid(f"inject.remove must be a list of up to {MOST_REMOVED} header names")
    remove = tuple(read_header_name(name, "inject.remove") for name in removed)
    return Injection(header=header, template=template, query=query, remove=remove)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers of one file must not see two definitions: the last key wins here, the first elsewhere."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key appears twice")
    return dict(pairs)
