"""An amendment, and what it would do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from authsome.connection.model import Flow
from authsome.provider.model import CustomProvider, Provider

LIFE = timedelta(hours=1)


class Act(StrEnum):
    """What is to happen to a provider."""

    CHANGE = "change"
    OVERRIDE = "override"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What an admin asks for: a definition as it stands in a file, or None to remove."""

    act: Act
    name: str
    definition: Mapping[str, Any] | None = None
    private_addresses: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        """As it is kept until somebody confirms it."""
        return {
            "act": self.act.value,
            "name": self.name,
            "definition": dict(self.definition) if self.definition is not None else None,
            "private_addresses": list(self.private_addresses),
        }


def read_kept(raw: Mapping[str, Any]) -> Amendment:
    """What `kept` wrote."""
    return Amendment(
        act=Act(raw["act"]),
        name=raw["name"],
        definition=raw["definition"],
        private_addresses=tuple(raw["private_addresses"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A provider before and after; `after` is None where there is none any more.

    `row` is the custom definition that is there. `new_places` are hosts and ports that secrets would reach
    and do not yet; connections made by one of `flows` are out of use by that, or because the new definition
    cannot use them.
    """

    act: Act
    before: Provider
    after: Provider | None
    row: CustomProvider | None
    new_places: tuple[str, ...] = ()
    flows: frozenset[Flow] = field(default_factory=frozenset)

    @property
    def fingerprint(self) -> str:
        """The same for as long as it leads from the same definition to the same."""
        sides = [_written(self.before), _written(self.after) if self.after else None]
        return hashlib.sha256(json.dumps(sides, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How much a plan touches, as it stands now.

    `connections` of `people` end, or have to be connected again; `grants` end with them.
    """

    connections: int = 0
    people: int = 0
    grants: int = 0
    auth_sessions: int = 0
    has_client: bool = False


def _written(provider: Provider) -> list[Any]:
    return [provider.definition(), [str(place) for place in provider.private_addresses]]
