"""Which connections the found keys would make, and which of them need no question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from authsome.cli.files.dotenv import read_assignments
from authsome.cli.onboarding.candidates import Candidate, candidates
from authsome.cli.onboarding.choose import (
    KeyIncomplete,
    KeyNotFound,
    KeyUnclear,
    choose_all,
    choose_named,
)
from authsome.cli.onboarding.sources import Source
from authsome.connection.errors import ConnectionNameInvalid

ONE, OTHER = "sk-one-1111111", "sk-two-2222222"


def provider(name: str, **environment: list[str]) -> dict[str, Any]:
    fields = [{"name": field} for field in environment]
    return {
        "name": name,
        "display_name": name.title(),
        "hosts": [f"{name}.test"],
        "environment": environment,
        "fields": fields,
    }


ACME = provider("acme", api_key=["ACME_KEY", "ACME_TOKEN"])
PHONES = provider("phones", sid=["PHONES_SID"], token=["PHONES_TOKEN"])


def source(text: str, name: str = ".env") -> Source:
    return Source(name, Path(name), tuple(read_assignments(text)))


def found(*texts: str, connected: frozenset[str] = frozenset()) -> list[Candidate]:
    sources = [source(text, f".env.{at}") for at, text in enumerate(texts)]
    return candidates(sources, [ACME, PHONES], connected)


def test_the_same_key_in_two_places_is_one_candidate() -> None:
    (one,) = found(f"X=1\nACME_KEY={ONE}", f"ACME_TOKEN='{ONE}'")
    assert [str(place) for place in one.places] == [".env.0:2", ".env.1:1"]
    assert one.variables == ("ACME_KEY", "ACME_TOKEN")
    assert [(c.candidate, c.reference) for c in choose_all([one])] == [(one, "acme/default")]


@pytest.mark.parametrize(
    "value",
    [
        "short",
        "your-key-here-please",
        "<insert the key>",
        "changeme-changeme",
        "xxxxxxxxxxxx",
        "has space in it",
    ],
)
def test_a_word_that_stands_for_a_key_is_none(value: str) -> None:
    assert found(f"ACME_KEY='{value}'") == []


def test_two_different_keys_of_a_provider_need_a_word() -> None:
    both = found(f"ACME_KEY={ONE}", f"ACME_KEY={OTHER}")
    assert len(both) == 2
    assert choose_all(both) == []
    with pytest.raises(KeyUnclear, match=r"\.env\.0:1, \.env\.1:1"):
        choose_named(both, ["ACME_KEY"])
    two = found(f"ACME_KEY={ONE}\nACME_TOKEN={OTHER}")
    (chosen,) = choose_named(two, ["ACME_TOKEN=acme/second"])
    assert chosen.reference == "acme/second"
    assert [secret.reveal() for secret in chosen.candidate.values.values()] == [OTHER]


def test_several_fields_come_from_one_place_or_are_said_to_lack() -> None:
    (whole,) = found(f"PHONES_SID={ONE}\nPHONES_TOKEN={OTHER}")
    assert (whole.lacks, set(whole.values)) == ((), {"sid", "token"})
    (part,) = found(f"PHONES_SID={ONE}")
    assert part.lacks == ("token",)
    assert choose_all([part]) == []
    with pytest.raises(KeyIncomplete, match="token"):
        choose_named([part], ["PHONES_SID"])


def test_what_is_connected_already_is_left_alone_unless_it_gets_another_name() -> None:
    held = found(f"ACME_KEY={ONE}", connected=frozenset(("acme",)))
    assert choose_all(held) == []
    assert choose_named(held, ["ACME_KEY"]) == []
    assert [one.reference for one in choose_named(held, ["ACME_KEY=work"])] == ["acme/work"]


def test_what_was_not_found_and_a_name_that_is_none_are_refused() -> None:
    held = found(f"ACME_KEY={ONE}")
    with pytest.raises(KeyNotFound):
        choose_named(held, ["OPENAI_API_KEY"])
    with pytest.raises(KeyNotFound):
        choose_named(held, ["ACME_KEY=phones/work"])
    with pytest.raises(ConnectionNameInvalid):
        choose_named(held, ["ACME_KEY=Not A Name"])


def test_no_value_is_in_what_a_candidate_says_of_itself() -> None:
    (one,) = found(f"ACME_KEY={ONE}")
    assert ONE not in repr(one)
