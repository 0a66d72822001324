"""What people may write for a connection or an agent."""

from __future__ import annotations

import pytest

from authsome.cli.references import find_connection, find_identity
from authsome.connection.errors import ConnectionMissing, ConnectionUnclear
from authsome.identity.errors import IdentityMissing

CONNECTIONS = [
    {"id": "con_1", "provider": "openai", "name": "default", "is_default": True},
    {"id": "con_2", "provider": "openai", "name": "work", "is_default": False},
    {"id": "con_3", "provider": "github", "name": "work", "is_default": False},
    {"id": "con_4", "provider": "acme", "name": "a", "is_default": False},
    {"id": "con_5", "provider": "acme", "name": "b", "is_default": False},
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
    ],
)
def test_a_connection_is_found_by_id_name_or_provider(written: str, meant: str) -> None:
    assert find_connection(CONNECTIONS, written)["id"] == meant


@pytest.mark.parametrize("written", ["", "stripe", "openai/", "openai/none", "con_9", "work"])
def test_what_is_not_there_is_said_so(written: str) -> None:
    with pytest.raises(ConnectionMissing):
        find_connection(CONNECTIONS, written)


def test_a_provider_with_several_and_no_default_is_not_guessed() -> None:
    with pytest.raises(ConnectionUnclear):
        find_connection(CONNECTIONS, "acme")


def test_an_agent_is_found_by_handle_did_or_a_label_that_only_it_has() -> None:
    assert find_identity(AGENTS, "brisk-amber-otter-4821")["did"] == "did:key:z1"
    assert find_identity(AGENTS, "did:key:z2")["label"] == "laptop"
    assert find_identity(AGENTS, "ci")["did"] == "did:key:z3"
    for unclear in ("laptop", "nobody"):
        with pytest.raises(IdentityMissing):
            find_identity(AGENTS, unclear)
