"""`docs/reference/provider.schema.json`: the form of a provider's file, as JSON Schema, for editors.

The server's own reader says more: it looks at what belongs together and at where hosts lead. A test holds
that this refuses nothing which the reader takes, knows every key, and takes every bundled file.
"""

from __future__ import annotations

import json
from typing import Any

from authsome.provider.definition.category import MOST_CATEGORIES, Category
from authsome.provider.definition.check import MOST_HEADERS as MOST_CHECK_HEADERS
from authsome.provider.definition.environment import MOST_VARIABLES
from authsome.provider.definition.key_fields import LONGEST_LABEL, MOST_FIELDS
from authsome.provider.definition.read_inject import MOST_HEADERS, MOST_PARAMETERS, MOST_REMOVED
from authsome.provider.definition.template import LONGEST as LONGEST_TEMPLATE
from authsome.provider.oauth import MOST_PARAMETERS as MOST_OAUTH_PARAMETERS
from authsome.provider.oauth import MOST_SCOPES, ClientAuthentication
from authsome.provider.validate import MOST_HOSTS

PATH = "docs/reference/provider.schema.json"
Schema = dict[str, Any]


def files() -> dict[str, str]:
    """The schema file."""
    return {PATH: json.dumps(document(), indent=2) + "\n"}


def document() -> Schema:
    """A whole definition."""
    keys = {
        "name": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,30}[a-z0-9]$", "not": {"const": "custom"}},
        "display_name": _text(64),
        "description": _text(120),
        "categories": _list({"enum": [one.value for one in Category]}, 0, MOST_CATEGORIES, unique=True),
        "hosts": _list(_text(300), 1, MOST_HOSTS, unique=True),
        "fields": _list(_field(), 1, MOST_FIELDS),
        "inject": _inject(),
        "environment": _map(
            _list({"type": "string", "pattern": "^[A-Z][A-Z0-9_]{2,63}$"}, 1, MOST_VARIABLES)
        ),
        "check": _check(),
        "oauth": _oauth(),
        "key_label": _text(64),
        "key_url": _url(),
        "documentation_url": _url(),
        "checked_on": _day(),
    }
    whole = _object(keys, "name", "display_name", "hosts")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A provider of Authsome"}
    return head | whole | {"anyOf": [{"required": ["inject"]}, {"required": ["oauth"]}]}


def _field() -> Schema:
    name = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"}
    keys = {"name": name, "label": _text(LONGEST_LABEL), "secret": _flag()}
    return _object(keys, "name", "label")


def _inject() -> Schema:
    template = {"type": "string", "maxLength": LONGEST_TEMPLATE}
    keys = {
        "header": _header(),
        "template": template,
        "headers": _map(template, MOST_HEADERS),
        "query": {"anyOf": [{"type": "string"}, _map(template, MOST_PARAMETERS)]},
        "basic": _object({"username": template, "password": template}, "username"),
        "remove": _list(_header(), 0, MOST_REMOVED),
    }
    return _object(keys) | {"anyOf": [{"required": [key]} for key in ("header", "headers", "query", "basic")]}


def _check() -> Schema:
    path = _text(200)
    headers = _map(_text(100), MOST_CHECK_HEADERS)
    return _object({"url": _url(), "headers": headers, "confirms": path, "account": path}, "url")


def _oauth() -> Schema:
    addresses = (
        "token_url authorization_url device_authorization_url revocation_url introspection_url"
        " client_registration_url resource issuer registration_url documentation_url".split()
    )
    ways = {"enum": [one.value for one in ClientAuthentication]}
    keys = {
        **{key: _url() for key in addresses},
        "client_credentials": _flag(),
        "scopes": _list({"type": "string", "minLength": 1, "maxLength": 200}, 0, MOST_SCOPES),
        "issuer_in_answer": _flag(),
        "client_authentication": ways,
        "authorization_parameters": _map(_text(100), MOST_OAUTH_PARAMETERS),
        "refresh_tokens_rotate": _flag(),
        "checked_on": _day(),
    }
    return _object(keys, "token_url")


def _object(keys: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": keys,
        "required": list(required),
        "additionalProperties": False,
    }


def _map(value: Schema, most: int | None = None) -> Schema:
    limit = {} if most is None else {"maxProperties": most}
    return {"type": "object", "additionalProperties": value, **limit}


def _list(item: Schema, least: int, most: int, *, unique: bool = False) -> Schema:
    limits = {"minItems": least, "maxItems": most}
    return {"type": "array", "items": item, **limits, **({"uniqueItems": True} if unique else {})}


def _text(longest: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _header() -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": 64}


def _url() -> Schema:
    return {"type": "string", "pattern": "^https://", "maxLength": 500}


def _day() -> Schema:
    return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def _flag() -> Schema:
    return {"type": "boolean"}
