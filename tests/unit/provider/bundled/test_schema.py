"""The published schema and the server's own reader speak of the same files."""

from __future__ import annotations

import copy
import json
import re
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from authsome.provider.errors import DefinitionInvalid
from authsome.provider.validate import read_definition
from tools.reference.provider_schema import document

SCHEMA = document()
VALID = Draft202012Validator(SCHEMA)
RAW = {
    file.name: json.loads(file.read_bytes())
    for file in resources.files("authsome.provider").joinpath("bundled").iterdir()
    if file.name.endswith(".json")
}
ACME: dict[str, Any] = {"name": "acme", "display_name": "Acme", "hosts": ["api.acme.test"]}
KEYED = {**ACME, "inject": {"header": "X-Key"}}
URL = "https://api.acme.test/token"
ODD = st.sampled_from(
    [None, True, False, 0, "", " ", "x", "custom", "x" * 600, [], ["x"], {}, {"x": "y"}, URL]
)


def is_read(raw: dict[str, Any]) -> bool:
    try:
        read_definition(raw)
    except DefinitionInvalid:
        return False
    return True


@pytest.mark.parametrize("name", sorted(RAW))
def test_every_bundled_file_is_valid(name: str) -> None:
    assert [error.message for error in VALID.iter_errors(RAW[name])] == []


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ({**KEYED, "?": 1}, ()),
        ({**ACME, "inject": {"?": 1}}, ("inject",)),
        ({**ACME, "inject": {"basic": {"?": 1}}}, ("inject", "basic")),
        ({**KEYED, "check": {"url": URL, "?": 1}}, ("check",)),
        ({**ACME, "oauth": {"token_url": URL, "?": 1}}, ("oauth",)),
    ],
    ids=lambda one: "/".join(one) if isinstance(one, tuple) else "",
)
def test_it_has_the_keys_that_are_read_and_no_other(raw: dict[str, Any], at: tuple[str, ...]) -> None:
    """The reader names the keys that it allows when it refuses one; a new key belongs in the schema too."""
    with pytest.raises(DefinitionInvalid) as refused:
        read_definition(raw)
    allowed = re.split(r"; allowed: ", refused.value.detail)[1].split(", ")
    section = SCHEMA
    for key in at:
        section = section["properties"][key]
    assert sorted(section["properties"]) == sorted(allowed)


@given(st.sampled_from(sorted(RAW)), st.data(), ODD)
def test_it_refuses_nothing_that_is_read(name: str, data: st.DataObject, odd: Any) -> None:
    raw = copy.deepcopy(RAW[name])
    section = raw
    while True:
        key = data.draw(st.sampled_from(sorted(section)))
        if not (isinstance(section[key], dict) and section[key] and data.draw(st.booleans())):
            break
        section = section[key]
    section[key] = odd
    assert VALID.is_valid(raw) or not is_read(raw)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Acme"}, {"name": "custom"}, {"hosts": []}, {"inject": {}}, {"inject": {"header": 1}},
        {"categories": ["games"]}, {"environment": {"api_key": ["acme key"]}}, {"key_url": "http://a.test"},
        {"check": {"account": "x"}}, {"oauth": {}}, {"checked_on": "today"}, {"surprise": 1},
    ],
    ids=str,
)  # fmt: skip
def test_what_an_editor_can_see_is_wrong_is_refused(changed: dict[str, Any]) -> None:
    assert VALID.is_valid(KEYED)
    assert not VALID.is_valid({**KEYED, **changed})
    assert not is_read({**KEYED, **changed})
