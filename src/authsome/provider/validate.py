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
from authsome.provider.definition.explain import explained
from authsome.provider.definition.key_fields import SOLE, KeyField, read_key_fields
from authsome.provider.definition.read_inject import read_injection
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.fields import check_keys, read_day, read_text, read_url
from authsome.provider.host import HostPattern, read_host_pattern
from authsome.provider.model import CUSTOM, Provider
from authsome.provider.oauth import read_oauth

LONGEST_FILE = 64 * 1024
MOST_HOSTS = 50

_REQUIRED = ("name", "display_name", "hosts")
_OPTIONAL = (
    "description",
    "categories",
    "inject",
    "fields",
    "environment",
    "check",
    "oauth",
    "key_label",
    "key_url",
    "documentation_url",
    "checked_on",
)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")


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


def parse_any(content: bytes) -> Mapping[str, Any]:
    """The same of a text without a name: JSON where it begins with a brace, as no TOML can."""
    return parse_file(content, is_toml=not content.lstrip().startswith(b"{"))


def read_definition(raw: Mapping[str, Any], *, bundled: bool = False) -> Provider:
    """The provider that a mapping describes. Raises `DefinitionInvalid`, which names the key that is wrong,
    the value there, what is wanted, and an example.
    """
    try:
        return _read(raw, bundled=bundled)
    except DefinitionInvalid as error:
        raise explained(error, raw) from None


def _read(raw: Mapping[str, Any], *, bundled: bool) -> Provider:
    check_keys(raw, allowed=(*_REQUIRED, *_OPTIONAL), required=_REQUIRED, where="the definition")
    name = read_text(raw, "name", longest=32)
    check_name(name)
    if "inject" not in raw and "oauth" not in raw:
        raise DefinitionInvalid("the definition lacks the key inject, or oauth")
    hosts, fields = _hosts(raw["hosts"]), _fields(raw)
    key_label = read_text(raw, "key_label", longest=64) if "key_label" in raw else "API key"
    asked = (fields or (KeyField(SOLE, key_label),)) if "inject" in raw else ()
    return Provider(
        name=name,
        display_name=read_text(raw, "display_name", longest=64),
        description=read_text(raw, "description", longest=120) if "description" in raw else None,
        categories=read_categories(raw.get("categories", [])),
        hosts=hosts,
        inject=read_injection(raw["inject"], asked) if "inject" in raw else None,
        fields=fields,
        environment=read_environment(raw.get("environment", {}), fields=[one.name for one in asked]),
        check=read_check(raw["check"], hosts=hosts) if "check" in raw else None,
        oauth=read_oauth(raw["oauth"]) if "oauth" in raw else None,
        key_label=key_label,
        key_url=read_url(raw, "key_url"),
        documentation_url=read_url(raw, "documentation_url"),
        checked_on=read_day(raw, "checked_on"),
        bundled=bundled,
    )


def check_name(name: str) -> str:
    """Raises `DefinitionInvalid`."""
    if not _NAME.fullmatch(name) or name == CUSTOM:
        raise DefinitionInvalid(
            "name must be 2 to 32 of a-z, 0-9 and hyphens, begin with a letter, and not be custom"
        )
    return name


def _hosts(given: Any) -> tuple[HostPattern, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_HOSTS:
        raise DefinitionInvalid(f"hosts must be a list of 1 to {MOST_HOSTS} hosts")
    if not all(isinstance(text, str) and len(text) <= 300 for text in given):
        raise DefinitionInvalid("hosts must hold texts such as api.example.com or *.example.com:8443")
    hosts = tuple(read_host_pattern(text) for text in given)
    if len(set(hosts)) != len(hosts):
        raise DefinitionInvalid("hosts names the same host twice")
    return hosts


def _fields(raw: Mapping[str, Any]) -> tuple[KeyField, ...]:
    if "fields" not in raw:
        return ()
    if "inject" not in raw:
        raise DefinitionInvalid("fields are for inject, which is missing")
    if "key_label" in raw:
        raise DefinitionInvalid("key_label names the one key of a definition without fields; leave it out")
    return read_key_fields(raw["fields"])


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers of one file must not see two definitions: the last key wins here, the first elsewhere."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key appears twice")
    return dict(pairs)
