"""What was ever sent stays in the ledger as it was."""

from __future__ import annotations

import json

import pytest

from authsome.kit.event import Event, Public, Subject
from tools.reference.ledger import Ledger, broken, described, extended, read, rewritten, write


class PotBoiled(Event):
    """Exists in this test."""

    subject = Subject.SERVER
    audit_only = "exists in this test"
    litres: Public[int]


EVENTS: dict[str, type[Event]] = {"pot_boiled": PotBoiled}


@pytest.fixture
def ledger() -> Ledger:
    return extended({}, EVENTS)


def test_a_new_name_is_added_with_its_fields(ledger: Ledger) -> None:
    assert ledger == {"pot_boiled": {"1": described(PotBoiled)}}
    assert ledger["pot_boiled"]["1"]["fields"] == {"litres": {"privacy": "public", "type": "integer"}}
    assert read(write(ledger)) == ledger
    assert list(broken(ledger, EVENTS)) == []


def test_a_changed_field_needs_a_new_version(ledger: Ledger) -> None:
    ledger["pot_boiled"]["1"]["fields"]["litres"]["type"] = "string"
    (fault,) = broken(ledger, EVENTS)
    assert "`version = 2`" in fault


def test_a_changed_privacy_class_needs_a_new_version(ledger: Ledger) -> None:
    ledger["pot_boiled"]["1"]["fields"]["litres"]["privacy"] = "local"
    assert len(list(broken(ledger, EVENTS))) == 1


def test_a_removed_name_is_marked_and_never_comes_back(ledger: Ledger) -> None:
    gone = extended(ledger, {})
    assert gone["pot_boiled"]["1"] == ledger["pot_boiled"]["1"]
    (fault,) = broken(gone, EVENTS)
    assert "never come back" in fault


def test_an_event_cannot_go_back_to_an_earlier_version(ledger: Ledger) -> None:
    ledger["pot_boiled"]["2"] = described(PotBoiled)
    assert any("version 2 already" in fault for fault in broken(ledger, EVENTS))


def test_what_an_earlier_commit_had_must_be_there_unchanged(ledger: Ledger) -> None:
    assert list(rewritten(ledger, [ledger])) == []
    assert len(list(rewritten({}, [ledger]))) == 1
    other = json.loads(write(ledger))
    other["pot_boiled"]["1"]["keyed_by"] = "litres"
    assert len(list(rewritten(other, [ledger]))) == 1
