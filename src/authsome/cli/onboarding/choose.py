"""Which of the found keys become connections, and under which names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import click

from authsome.cli.onboarding.candidates import DEFAULT, Candidate
from authsome.connection.errors import ConnectionNameInvalid
from authsome.connection.model import check_name
from authsome.kit.errors import ConflictError, InvalidError, MissingError


class KeyNotFound(MissingError):
    """No key of that name was found."""

    code = "key_not_found"
    hint = "see what there is with `authsome onboard --keys --dry-run`"


class KeyUnclear(ConflictError):
    """That name stands for several keys."""

    code = "key_unclear"
    hint = "name the one file to look in, add --no-environment, or choose at a terminal with --keys"


class KeyIncomplete(InvalidError):
    """This provider takes more than was found."""

    code = "key_incomplete"
    hint = "put the others beside it, or type all of them: `authsome connections add PROVIDER`"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate, and the name that its connection is to have."""

    candidate: Candidate
    name: str

    @property
    def reference(self) -> str:
        return f"{self.candidate.provider}/{self.name}"


def choose_all(found: Sequence[Candidate]) -> list[Chosen]:
    """Everything that needs no question: complete, the provider's only key, and not connected yet."""
    times = Counter(one.provider for one in found if not one.lacks)
    return [
        Chosen(one, DEFAULT)
        for one in found
        if not one.lacks and not one.connected and times[one.provider] == 1
    ]


def choose_named(found: Sequence[Candidate], wanted: Sequence[str]) -> list[Chosen]:
    """For each `VARIABLE`, `VARIABLE=NAME` or `VARIABLE=PROVIDER/NAME`, what it stands for.

    One that is connected already under that name is left out: asking twice changes nothing. Raises
    `KeyNotFound`, `KeyUnclear`, `KeyIncomplete` or `ConnectionNameInvalid`.
    """
    chosen = [_named(found, text) for text in wanted]
    return [one for one in chosen if not (one.candidate.connected and one.name == DEFAULT)]


def _named(found: Sequence[Candidate], text: str) -> Chosen:
    variable, equals, target = text.partition("=")
    provider, slash, name = target.rpartition("/")
    fitting = [one for one in found if variable in one.variables and (not slash or one.provider == provider)]
    if not fitting:
        raise KeyNotFound(f"nothing is found under {variable[:64]!a}")
    if len(fitting) > 1:
        places = ", ".join(str(place) for one in fitting for place in one.places)
        raise KeyUnclear(f"{variable} has {len(fitting)} different values: {places}")
    if fitting[0].lacks:
        raise KeyIncomplete(f"{fitting[0].display_name} takes {', '.join(fitting[0].lacks)} as well")
    return Chosen(fitting[0], check_name(name) if equals else DEFAULT)


def ask(found: Sequence[Candidate]) -> list[Chosen]:
    """Let the person at the terminal tick some, by their numbers."""
    able = {str(at): one for at, one in enumerate(found, start=1) if not one.lacks}
    while True:
        typed: str = click.prompt(
            "Import which? Numbers, `all`, or Enter for none", default="", show_default=False, err=True
        )
        words = typed.replace(",", " ").split()
        if words == ["all"]:
            return choose_all(found)
        if all(word in able for word in words):
            break
        click.echo("There is no such number that could be imported.", err=True)
    chosen: list[Chosen] = []
    for word in dict.fromkeys(words):
        taken = {one.reference for one in chosen}
        chosen.append(Chosen(able[word], _ask_name(able[word], taken)))
    return chosen


def _ask_name(candidate: Candidate, taken: set[str]) -> str:
    """The usual name needs no question; a second connection to a provider has one of its own."""
    if not candidate.connected and f"{candidate.provider}/{DEFAULT}" not in taken:
        return DEFAULT
    while True:
        name: str = click.prompt(f"Another {candidate.display_name} connection; its name", err=True)
        try:
            return check_name(name)
        except ConnectionNameInvalid as wrong:
            click.echo(f"{wrong.detail} {wrong.next_step}", err=True)
