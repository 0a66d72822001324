"""What a provider is, whether it came with Authsome or from an admin's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authsome.provider.definition.category import Category
from authsome.provider.definition.check import Check
from authsome.provider.definition.environment import Environment
from authsome.provider.definition.inject import AUTHORIZATION, Injection
from authsome.provider.definition.key_fields import SOLE, KeyField
from authsome.provider.host import HostPattern
from authsome.provider.oauth import OAuth

ACCESS_TOKEN = "access_token"  # how the injection of a connection with tokens names what it carries
CUSTOM = "custom"  # what an event says in place of a custom provider's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A service: what it is for, its hosts, how it takes a key, and what to tell who has to find one.

    `inject` is None where it takes no key, `oauth` where it has no OAuth; one of them is there. `fields` are
    what its key consists of; without them it is one text, called `key_label`.
    `environment` has the variables that people keep the key in, by field; `check` is how to see that a
    credential works.
    `checked_on` is the day on which the documentation was read, for bundled providers.
    `private_addresses` are what an admin listed for a custom one; nothing in a definition can add to them.
    """

    name: str
    display_name: str
    hosts: tuple[HostPattern, ...]
    description: str | None = None
    categories: tuple[Category, ...] = ()
    inject: Injection | None = None
    fields: tuple[KeyField, ...] = ()
    environment: Environment = ()
    check: Check | None = None
    oauth: OAuth | None = None
    key_label: str = "API key"
    key_url: str | None = None
    documentation_url: str | None = None
    checked_on: str | None = None
    bundled: bool = False
    private_addresses: tuple[HostPattern, ...] = ()

    def covers(self, host: str, port: int) -> bool:
        return any(pattern.covers(host, port) for pattern in self.hosts)

    def may_be_private(self, host: str, port: int) -> bool:
        """Whether an admin said that this very host and port may lie on a private network."""
        return HostPattern(host, port) in self.private_addresses

    @property
    def variables(self) -> tuple[str, ...]:
        """Every environment variable that the definition names."""
        return tuple(name for _field, names in self.environment for name in names)

    @property
    def key_fields(self) -> tuple[KeyField, ...]:
        """What a person is asked for who connects it by a key."""
        return self.fields or (KeyField(SOLE, self.key_label),)

    @property
    def inject_token(self) -> Injection:
        """Where a request carries an access token: RFC 6750 §2.1. A placeholder for a key is taken out."""
        key = self.inject or Injection()
        placeholders = [name for name, _ in key.header_templates if name != AUTHORIZATION]
        return Injection(
            header_templates=((AUTHORIZATION, f"Bearer {{{ACCESS_TOKEN}}}"),),
            remove=(*placeholders, *key.remove),
        )

    def definition(self) -> dict[str, Any]:
        """The definition in the form of a file, which reads back as the same provider."""
        raw = {
            "name": self.name,
            "display_name": self.display_name,
            "description": self.description,
            "categories": [category.value for category in self.categories] or None,
            "hosts": [str(pattern) for pattern in self.hosts],
            "inject": self.inject.definition() if self.inject else None,
            "fields": [one.definition() for one in self.fields] or None,
            "environment": {field: list(names) for field, names in self.environment} or None,
            "check": self.check.definition() if self.check else None,
            "oauth": self.oauth.definition() if self.oauth else None,
            "key_label": None if self.fields else self.key_label,
            "key_url": self.key_url,
            "documentation_url": self.documentation_url,
            "checked_on": self.checked_on,
        }
        return {key: value for key, value in raw.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomProvider:
    """A provider that an admin registered, as the registry keeps it."""

    id: str
    provider: Provider
    created_by: str
    created_at: datetime

    @property
    def name(self) -> str:
        return self.provider.name
