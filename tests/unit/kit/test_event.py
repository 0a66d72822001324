"""An event says at its creation what may leave; what is not allowed is refused there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from authsome.kit.event import EVENTS, Event, Local, Privacy, Pseudonym, Public, Subject
from authsome.kit.secret import Secret


@pytest.fixture(autouse=True)
def forget_test_events() -> Iterator[None]:
    before = dict(EVENTS)
    yield
    EVENTS.clear()
    EVENTS.update(before)


def make(name: str = "KettleBoiled", /, **fields: Any) -> type[Event]:
    body = {"__annotations__": fields, "__doc__": "A kettle boiled.", "__module__": __name__}
    return type(name, (Event,), {"subject": Subject.SERVER, **body})


def test_the_wire_name_is_the_class_in_snake_case() -> None:
    assert make(cups=Public[int]).name == "kettle_boiled"


def test_a_name_is_given_once() -> None:
    make()
    with pytest.raises(TypeError, match="exists already"):
        make()


def test_an_event_without_a_docstring_is_refused() -> None:
    with pytest.raises(TypeError, match="docstring"):
        type("Mute", (Event,), {"subject": Subject.SERVER, "__annotations__": {}})


def test_a_field_without_a_privacy_class_is_refused() -> None:
    with pytest.raises(TypeError, match="exactly one of"):
        make(cups=int)


@pytest.mark.parametrize("privacy", [Public, Pseudonym, Local])
def test_a_secret_is_refused_in_every_class(privacy: object) -> None:
    with pytest.raises(TypeError, match="never part of an event"):
        make(key=privacy[Secret])  # type: ignore[index]


@pytest.mark.parametrize("field", ["email", "e_mail", "owner_email", "password", "api_token", "ip", "url"])
def test_what_looks_personal_must_be_local(field: str) -> None:
    with pytest.raises(TypeError, match="must be Local"):
        make(**{field: Public[str]})
    make("KettleSang", **{field: Local[str]})


def test_an_open_type_is_refused() -> None:
    with pytest.raises(TypeError, match="closed enum"):
        make(details=Public[dict[str, str]])


def test_a_subject_needs_the_field_that_it_is_counted_by() -> None:
    body = {"__doc__": "x", "__annotations__": {"cups": Public[int]}, "__module__": __name__}
    with pytest.raises(TypeError, match="principal_id"):
        type("TeaDrunk", (Event,), {"subject": Subject.PRINCIPAL, **body})


def test_keyed_by_names_a_field() -> None:
    body: dict[str, Any] = {"__doc__": "x", "__annotations__": {"cups": Public[int]}, "__module__": __name__}
    with pytest.raises(TypeError, match="keyed_by"):
        type("TeaDrunk", (Event,), {"subject": Subject.SERVER, "keyed_by": "pot_id", **body})


def test_values_are_chosen_by_privacy_class_and_none_is_left_out() -> None:
    kettle: Any = make(cups=Public[int], owner=Pseudonym[str], note=Local[str], rest=Public[bool])
    event = kettle(cups=2, owner="prn_1", note="mine", rest=None)
    assert event.values(Privacy.PUBLIC) == {"cups": 2}
    assert event.values(Privacy.PUBLIC, Privacy.PSEUDONYM) == {"cups": 2, "owner": "prn_1"}
    assert event.names() == {"prn_1", "mine"}
