"""Which providers the keys that were found would connect. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authsome.cli.files.dotenv import Assignment
from authsome.cli.onboarding.sources import ENVIRONMENT, Source
from authsome.kit.secret import Secret

DEFAULT = "default"
SHORTEST = 8
_KEY = re.compile(r"[!-~]{8,4096}")
_STAND_IN = re.compile(
    r"(your|my|change|placeholder|example|dummy|fake|todo|none|null|xxx|\.\.\.|<|\*\*\*)", re.I
)


@dataclass(frozen=True, slots=True)
class Place:
    """A variable in a source."""

    variable: str
    source: Source
    line: int

    def __str__(self) -> str:
        return ENVIRONMENT if self.source.path is None else f"{self.source.name}:{self.line}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A connection that could be made. `values` are SECRETS by field; `lacks` are fields that were not found.

    `connected` says that the provider has a connection of the default name already.
    """

    provider: str
    display_name: str
    hosts: tuple[str, ...]
    values: Mapping[str, Secret]
    places: tuple[Place, ...]
    lacks: tuple[str, ...] = ()
    connected: bool = False

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.variable for place in self.places))


def candidates(
    sources: Sequence[Source], providers: Sequence[Mapping[str, Any]], connected: frozenset[str]
) -> list[Candidate]:
    """One for each different key, by provider. `connected` are those with a default connection."""
    found: list[Candidate] = []
    for provider in providers:
        for source in sources:
            for made in _of_source(provider, source, provider["name"] in connected):
                _merge(found, made)
    return found


def _of_source(provider: Mapping[str, Any], source: Source, connected: bool) -> Iterator[Candidate]:
    held = {one.name: one for one in source.assignments if _could_be(one.value)}
    by_field = {
        field: [held[name] for name in names if name in held]
        for field, names in provider["environment"].items()
    }
    fields = [one["name"] for one in provider["fields"]]
    if not any(by_field.values()):
        return
    if len(fields) == 1:
        choices: list[dict[str, Assignment]] = [{fields[0]: one} for one in by_field.get(fields[0], [])]
    else:
        choices = [{field: found[0] for field, found in by_field.items() if found}]
    for choice in choices:
        yield Candidate(
            provider=provider["name"],
            display_name=provider["display_name"],
            hosts=tuple(provider["hosts"]),
            values={field: one.value for field, one in choice.items()},
            places=tuple(Place(one.name, source, one.line) for one in choice.values()),
            lacks=tuple(field for field in fields if field not in choice),
            connected=connected,
        )


def _merge(found: list[Candidate], made: Candidate) -> None:
    """The same key in another place is the same candidate."""
    for at, known in enumerate(found):
        if known.provider == made.provider and known.values == made.values:
            found[at] = Candidate(
                provider=known.provider,
                display_name=known.display_name,
                hosts=known.hosts,
                values=known.values,
                places=(*known.places, *made.places),
                lacks=known.lacks,
                connected=known.connected,
            )
            return
    found.append(made)


def _could_be(value: Secret) -> bool:
    """Whether it has the form of a key and not that of a word that stands for one."""
    text = value.reveal()
    return _KEY.fullmatch(text) is not None and _STAND_IN.match(text) is None
