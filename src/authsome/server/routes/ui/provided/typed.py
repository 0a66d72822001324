"""A definition as it is typed on a page, and shown on one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from authsome.provider.model import Provider
from authsome.provider.validate import MOST_HOSTS, parse_any
from authsome.server.forms import Fields
from authsome.server.web.pages import Form

FIELDS = ("definition", "private_addresses")


def typed_definition(fields: Fields) -> Mapping[str, Any]:
    """Raises `DefinitionInvalid`."""
    return parse_any(fields.raw("definition").encode())


def typed_addresses(fields: Fields) -> tuple[str, ...]:
    """One on a line. One more than there can be is refused where they are read."""
    return tuple(fields.raw("private_addresses").split()[: MOST_HOSTS + 1])


def shown_again(form: Form, fields: Fields) -> Form:
    """The form with what was typed, whole: a definition holds no secret and is long to type."""
    sent = {name: fields.raw(name) for name in FIELDS}
    return Form(action=form.action, sent=sent, hidden=form.hidden)


def written(provider: Provider) -> str:
    """A definition as it stands in a file."""
    return json.dumps(provider.definition(), indent=2, ensure_ascii=False)


def addresses(provider: Provider) -> tuple[str, ...]:
    """Its private addresses as they are typed."""
    return tuple(f"{place.host}:{place.port}" for place in provider.private_addresses)
