"""Where a request carries what a person gave: in headers, in query parameters, or as name and password."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authsome.kit.secret import Secret
from authsome.provider.definition.key_fields import KeyField
from authsome.provider.definition.template import fill, places_in

AUTHORIZATION = "Authorization"
Templates = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Basic:
    """Name and password of RFC 7617, each a template; the password may be empty."""

    username: str
    password: str = ""

    def value(self, values: Mapping[str, Secret]) -> Secret:
        """The SECRET value of the header, in UTF-8 (§2.1)."""
        pair = f"{fill(self.username, values)}:{fill(self.password, values)}"
        return Secret("Basic " + base64.b64encode(pair.encode()).decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """Name and template of each header and query parameter to set.

    `remove` names further headers that may hold a placeholder and would contradict the real key.
    """

    header_templates: Templates = ()
    query_templates: Templates = ()
    basic: Basic | None = None
    remove: tuple[str, ...] = ()

    def headers(self, values: Mapping[str, Secret]) -> tuple[tuple[str, Secret], ...]:
        """Name and complete SECRET value of each header to set."""
        set_here = tuple((name, Secret(fill(text, values))) for name, text in self.header_templates)
        return (*set_here, (AUTHORIZATION, self.basic.value(values))) if self.basic else set_here

    def parameters(self, values: Mapping[str, Secret]) -> tuple[tuple[str, Secret], ...]:
        """Name and SECRET value, not yet percent-encoded, of each query parameter to set."""
        return tuple((name, Secret(fill(text, values))) for name, text in self.query_templates)

    def open_names(self, fields: Sequence[KeyField]) -> frozenset[str]:
        """The headers and parameters that carry nothing secret, and may come back as they are."""
        secret = {one.name for one in fields if one.secret}
        templates = (*self.header_templates, *self.query_templates)
        return frozenset(name for name, text in templates if not secret & set(places_in(text)))

    def carries(self) -> set[str]:
        """The names of all fields that go out somewhere."""
        return {name for text in (*self._plain(), *self._pair()) for name in places_in(text)}

    def only_encoded(self, name: str) -> bool:
        """Whether a field goes out in Base64 alone, where a space or a letter of any alphabet may stand."""
        return not any(name in places_in(text) for text in self._plain())

    def names_somebody(self, name: str) -> bool:
        """Whether a field is part of a user name, in which RFC 7617 §2 has no colon."""
        return self.basic is not None and name in places_in(self.basic.username)

    def definition(self) -> dict[str, Any]:
        """The section in the form of a file, which reads back as the same."""
        raw: dict[str, Any] = {}
        if len(self.header_templates) == 1:
            ((raw["header"], raw["template"]),) = self.header_templates
        elif self.header_templates:
            raw["headers"] = dict(self.header_templates)
        if self.query_templates:
            raw["query"] = dict(self.query_templates)
        if self.basic:
            raw["basic"] = {"username": self.basic.username, "password": self.basic.password}
        return {**raw, "remove": list(self.remove)} if self.remove else raw

    def _plain(self) -> list[str]:
        return [text for _, text in (*self.header_templates, *self.query_templates)]

    def _pair(self) -> tuple[str, ...]:
        return (self.basic.username, self.basic.password) if self.basic else ()
