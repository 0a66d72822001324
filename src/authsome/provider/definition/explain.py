"""What is wrong with a definition, for whoever has just written it: with the value there, and an example.

Every refusal begins with the key that it is about, or names the host; a test holds each key to that.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import Any

from authsome.provider.errors import DefinitionInvalid

LONGEST_SHOWN = 60
EXAMPLES: Mapping[str, Any] = {
    "name": "acme",
    "display_name": "Acme",
    "description": "Anvils, by return of post.",
    "categories": ["commerce"],
    "hosts": ["api.acme.example", "*.eu.acme.example"],
    "inject": {"header": "Authorization", "template": "Bearer {api_key}"},
    "inject.header": "Authorization",
    "inject.headers": {"X-Api-Key": "{api_key}"},
    "inject.template": "Bearer {api_key}",
    "inject.query": "key",
    "inject.basic": {"username": "{api_key}", "password": ""},
    "inject.remove": ["X-Api-Key"],
    "fields": [
        {"name": "account_id", "label": "Account", "secret": False},
        {"name": "token", "label": "Token"},
    ],
    "environment": {"api_key": ["ACME_API_KEY"]},
    "check": {"url": "https://api.acme.example/v1/me", "account": "user.login"},
    "check.url": "https://api.acme.example/v1/me",
    "check.headers": {"Acme-Version": "2026-01-31"},
    "check.confirms": "ok",
    "check.account": "user.login",
    "oauth": {
        "authorization_url": "https://id.acme.example/authorize",
        "token_url": "https://id.acme.example/token",
    },
    "oauth.authorization_url": "https://id.acme.example/authorize",
    "oauth.token_url": "https://id.acme.example/token",
    "oauth.device_authorization_url": "https://id.acme.example/device",
    "oauth.revocation_url": "https://id.acme.example/revoke",
    "oauth.introspection_url": "https://id.acme.example/introspect",
    "oauth.scopes": ["read", "write"],
    "oauth.issuer": "https://id.acme.example",
    "oauth.client_authentication": "basic",
    "oauth.authorization_parameters": {"prompt": "consent"},
    "oauth.registration_url": "https://acme.example/developers",
    "key_label": "Acme API key",
    "key_url": "https://acme.example/settings/keys",
    "documentation_url": "https://docs.acme.example/api",
    "checked_on": "2026-01-31",
}
_PATH = re.compile(r"[a-z_]+(\.[A-Za-z0-9_-]+)*")
_LACKS = re.compile(r"(?:the definition|([a-z_.]+)) lacks the key ([a-z_]+)")
_QUOTED = re.compile(r"(?:the host )?'([^']+)' is ")
_UNKNOWN = re.compile(
    r"(?:the definition|([a-z_.]+)) has the unknown key '([^']*)'; allowed: (.*)", re.DOTALL
)


def explained(error: DefinitionInvalid, raw: Mapping[str, Any]) -> DefinitionInvalid:
    """The same refusal with the value that is there, and an example of one that would do."""
    unknown = _UNKNOWN.match(error.detail)
    if unknown:
        near = difflib.get_close_matches(unknown[2], unknown[3].split(", "), n=1)
        return DefinitionInvalid(error.detail, hint=f"did you mean `{near[0]}`?" if near else None)
    key = _key_of(error.detail, raw)
    if key is None:
        return error
    example = f'for example "{key.rpartition(".")[2]}": {json.dumps(EXAMPLES[key], ensure_ascii=False)}'
    there, value = _find(raw, key)
    said = f"{key}: {error.detail}" if _QUOTED.match(error.detail) else error.detail
    return DefinitionInvalid(f"{said}; it is {_shown(value)}" if there else said, hint=example)


def _key_of(detail: str, raw: Mapping[str, Any]) -> str | None:
    """The longest known key that the refusal begins with; the hosts, where it begins with one of these."""
    lacks = _LACKS.match(detail)
    path = _PATH.match(detail)
    key = ".".join(filter(None, lacks.groups())) if lacks else path[0] if path else ""
    while key and key not in EXAMPLES:
        key = key.rpartition(".")[0]
    quoted, hosts = _QUOTED.match(detail), raw.get("hosts")
    if quoted and isinstance(hosts, list) and any(quoted[1] in str(host).lower() for host in hosts):
        return "hosts"
    return key or None


def _find(raw: Mapping[str, Any], key: str) -> tuple[bool, Any]:
    value: Any = raw
    for step in key.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return False, None
        value = value[step]
    return True, value


def _shown(value: Any) -> str:
    """As it would stand in a file, in ASCII and cut: what was pasted there could be anything."""
    text = json.dumps(value, default=str)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
