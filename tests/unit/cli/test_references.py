"""What people may write for a connection or an agent."""

from __future__ import annotations

from typing import Any

import pytest

from authsome.cli.references import find_connection, find_identity
from authsome.connection.errors import ConnectionMissing, ConnectionUnclear
from authsome.identity.errors import IdentityMissing


def known(
    number: int, provider: str, name: str, *, default: bool = False, own: bool = True
) -> dict[str, Any]:
    return {
        "id": f"con_{number}",
        "provider": provider,
        "name": name,
        "is_default": default,
        "is_own": own,
    }


CONNECTIONS = [
    known(1, "openai", "default", default=True),
    known(2, "openai", "work"),
    known(3, "github", "work"),
    known(4, "acme", "a"),
    known(5, "acme", "b"),
    known(6, "github", "work", default=True, own=False),
    known(7, "stripe", "team", own=False),
    known(8, "linear", "team", own=False),
    known(9, "linear", "team", own=False),
]
AGENTS = [
    {"handle": "brisk-amber-otter-4821", "did": "did:key:z1", "label": "laptop"},
    {"handle": "swift-coral-heron-1234", "did": "did:key:z2", "label": "laptop"},
    {"handle": "calm-olive-raven-0007", "did": "did:key:z3", "label": "ci"},
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("con_2", "con_2"),
        ("openai/work", "con_2"),
        ("openai", "con_1"),
        ("github", "con_3"),
        ("acme/b", "con_5"),
        ("github/work", "con_3"),
        ("con_6", "con_6"),
        ("stripe", "con_7"),
        ("stripe/team", "con_7"),
    ],
)
def test_a_connection_is_found_by_id_name_or_provider(written: str, meant: str) -> None:
    assert find_connection(CONNECTIONS, written)["id"] == meant


@pytest.mark.parametrize("written", ["", "notion", "openai/", "openai/none", "con_0", "work"])
def test_what_is_not_there_is_said_so(written: str) -> None:
    with pytest.raises(ConnectionMissing):
        find_connection(CONNECTIONS, written)


def test_a_provider_with_several_and_no_default_is_not_guessed() -> None:
    with pytest.raises(ConnectionUnclear):
        find_connection(CONNECTIONS, "acme")


def test_of_two_that_others_share_under_one_name_the_id_is_asked_for() -> None:
    with pytest.raises(ConnectionUnclear):
        find_connection(CONNECTIONS, "linear/team")


def test_an_agent_is_found_by_handle_did_or_a_label_that_only_it_has() -> None:
    assert find_identity(AGENTS, "brisk-amber-otter-4821")["did"] == "did:key:z1"
    assert find_identity(AGENTS, "did:key:z2")["label"] == "laptop"
    assert find_identity(AGENTS, "ci")["did"] == "did:key:z3"
    for unclear in ("laptop", "nobody"):
        with pytest.raises(IdentityMissing):
            find_identity(AGENTS, unclear)
