"""Who lives in the history: principals with their connections, and agents with what they may use."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

# How often each is connected: a few providers have most of the connections.
PROVIDERS = {
    "github": 34,
    "openai": 24,
    "google": 12,
    "slack": 9,
    "anthropic": 7,
    "notion": 4,
    "linear": 3,
    "stripe": 2,
    "warehouse": 3,  # a custom one
    "billing": 2,  # another
}
CUSTOM = ("warehouse", "billing")
WORDS = ("amber", "brisk", "calm", "dusk", "elm", "fern", "gale", "heron", "iris", "jade", "kelp", "lark")


@dataclass(slots=True)
class Person:
    """A principal; `connections` are pairs of an id and the fields that say which provider it is."""

    id: str
    connections: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@dataclass(slots=True)
class Agent:
    """An identity. `uses` is one set of an event's fields for each connection that it may use."""

    id: str
    handle: str
    did: str
    owner: str = ""
    uses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def named(self) -> dict[str, Any]:
        """The fields that name it and whose it is."""
        return {"identity_handle": self.handle, "did": self.did, "principal_id": self.owner}


class Names:
    """Ids of the forms that the gateway gives, the same for the same seed."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._handles = 0

    def id(self, prefix: str) -> str:
        return f"{prefix}_01k{self._chance.getrandbits(92):023x}"

    def person(self) -> Person:
        return Person(self.id("prn"))

    def agent(self) -> Agent:
        self._handles += 1
        number, words = divmod(self._handles, len(WORDS) ** 3)
        handle = "-".join(WORDS[words // len(WORDS) ** n % len(WORDS)] for n in range(3))
        key = f"{self._chance.getrandbits(176):044x}".replace("0", "g")
        return Agent(self.id("idn"), f"{handle}-{number:04}", f"did:key:z6Mk{key}")


def provider_fields(name: str) -> dict[str, Any]:
    """As events say it: a custom provider's own name is a field apart."""
    return {"provider": "custom", "custom_provider": name} if name in CUSTOM else {"provider": name}
