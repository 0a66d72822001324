"""What people type for a provider: checked field by field, and sealed as one text.

A key that is one text under no name of its own is sealed as it is. Fields are sealed as `fields/1 {…}`: no
such key has a space in it, so neither is ever taken for the other, and a definition that gets a second field
later finds out that this connection has only one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from authsome.connection.errors import KeyInvalid, KeyOutdated
from authsome.connection.model import LONGEST_KEY, check_key
from authsome.kit.secret import Secret
from authsome.provider.definition.inject import Injection
from authsome.provider.definition.key_fields import KeyField
from authsome.provider.model import Provider

_VERSIONED = "fields/1 "
Given = Secret | Mapping[str, Secret]


def check_given(provider: Provider, given: Given) -> dict[str, Secret]:
    """Each field's value, fit to be sent. A text alone is meant for the one field there is.

    Raises `KeyInvalid`, which names the field and never what was typed.
    """
    fields = provider.key_fields
    if isinstance(given, Secret):
        if len(fields) > 1:
            names = ", ".join(one.name for one in fields)
            raise KeyInvalid(
                f"{provider.display_name} takes several texts: {names}", hint="give each by name"
            )
        given = {fields[0].name: given}
    unknown = sorted(set(given) - {one.name for one in fields})
    if unknown:
        names = ", ".join(one.name for one in fields)
        raise KeyInvalid(f"{provider.display_name} has no field {unknown[0][:40]!a}; there are {names}")
    return {one.name: _check(one, given.get(one.name, Secret("")), provider) for one in fields}


def sealable(provider: Provider, values: Mapping[str, Secret]) -> Secret:
    """The one SECRET text that is sealed."""
    if not provider.fields:
        ((_, value),) = values.items()
        return value
    return Secret(_VERSIONED + json.dumps({name: value.reveal() for name, value in values.items()}))


def read_sealed(provider: Provider, sealed: Secret) -> dict[str, Secret]:
    """SECRETS by field. Raises `KeyOutdated` where the definition asks for others by now."""
    fields, text = provider.key_fields, sealed.reveal()
    if not text.startswith(_VERSIONED):
        found = {fields[0].name: sealed} if len(fields) == 1 else {}
    else:
        raw: dict[str, str] = json.loads(text.removeprefix(_VERSIONED))
        found = {name: Secret(value) for name, value in raw.items()}
    if not {one.name for one in fields} <= found.keys():
        raise KeyOutdated(hint=f"connect it anew: `authsome login {provider.name}`")
    return found


def _check(field: KeyField, value: Secret, provider: Provider) -> Secret:
    inject = provider.inject or Injection()
    named = f"{field.label}: " if provider.fields else ""
    if provider.fields and inject.only_encoded(field.name):
        checked = _encodable(field, value, named)
    else:
        try:
            checked = check_key(value)
        except KeyInvalid as wrong:
            raise KeyInvalid(f"{named}{wrong.detail}", field=field.name) from None
    if inject.names_somebody(field.name) and ":" in checked.reveal():
        raise KeyInvalid(f"{field.label}: a user name has no colon in it", field=field.name)
    return checked


def _encodable(field: KeyField, value: Secret, named: str) -> Secret:
    """A value that goes out in Base64: any printable text, since no character of it can end the header."""
    text = value.reveal().strip()
    if not text or len(text) > LONGEST_KEY or not text.isprintable():
        detail = f"{named}it has 1 to {LONGEST_KEY} printable characters and no line end"
        raise KeyInvalid(detail, field=field.name)
    return Secret(text)
