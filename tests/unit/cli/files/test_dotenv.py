"""A line of a .env file is read as loaders do, or passed over; one is replaced and no other touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.cli.files.dotenv import read_assignments, replaced
from authsome.kit.secret import Secret


def read(text: str) -> list[tuple[str, str, int]]:
    return [(one.name, one.value.reveal(), one.line) for one in read_assignments(text)]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("KEY=sk-1", "sk-1"),
        ("  export KEY = sk-1  ", "sk-1"),
        ('KEY="sk-1"', "sk-1"),
        ("KEY='sk-1' # mine", "sk-1"),
        ("KEY=sk-1 # mine", "sk-1"),
        ("KEY=sk#1", "sk#1"),
        ("KEY=sk=1==", "sk=1=="),
        ("KEY=`sk-1`", "sk-1"),
        ("KEY=sk-1\r", "sk-1"),
        ("KEY=", None),
        ("KEY= # nothing", None),
        ("KEY=''", None),
        ("#KEY=sk-1", None),
        ("KEY", None),
        ("KEY=${OTHER}", None),
        ('KEY="a\\nb"', None),
        ("2KEY=sk-1", None),
    ],
)
def test_a_value_of_one_line_is_read(line: str, value: str | None) -> None:
    assert read(line) == ([("KEY", value, 1)] if value else [])


def test_inside_a_value_of_several_lines_nothing_is_an_assignment() -> None:
    text = "PEM='-----BEGIN\nKEY=not-a-key\n-----END'\nREAL=sk-1\n"
    assert read(text) == [("REAL", "sk-1", 4)]


def test_a_taken_value_is_gone_and_nothing_else_has_changed() -> None:
    text = "# head\r\nKEY=sk-1\r\nOTHER=sk-1\r\n\r\nKEY=sk-2\r\n  export KEY='sk-1'"
    changed, lines = replaced(text, taken={"KEY": Secret("sk-1")}, by={"KEY": "KEY is in Authsome now"})
    assert lines == [2, 6]
    assert changed == (
        "# head\r\n# KEY is in Authsome now\r\nOTHER=sk-1\r\n\r\nKEY=sk-2\r\n# KEY is in Authsome now"
    )
    assert replaced(changed, taken={"KEY": Secret("sk-1")}, by={"KEY": "x"}) == (changed, [])


@given(st.text(alphabet=st.sampled_from("AK=\"'`# \n\r\\$export"), max_size=60))
def test_whatever_is_in_the_file_its_other_lines_stay(text: str) -> None:
    found = list(read_assignments(text))
    changed, lines = replaced(
        text, taken={one.name: one.value for one in found}, by=dict.fromkeys((one.name for one in found), "x")
    )
    before, after = text.split("\n"), changed.split("\n")
    assert len(before) == len(after)
    assert all(
        one == other for at, (one, other) in enumerate(zip(before, after, strict=True), 1) if at not in lines
    )
