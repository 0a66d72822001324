"""Facts as lines and as CSV: read back they are the same, and no spreadsheet calculates them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from authsome.cli.exporting.tables import Csv, JsonLines, flat, safe

COLUMNS = {
    "position": "integer",
    "time": "timestamp",
    "allowed": "boolean",
    "count": "integer",
    "name": "string",
}


def fact(position: int, **fields: Any) -> dict[str, Any]:
    return {"position": position, "time": "2026-11-28T01:02:03.000004Z", "fields": fields}


def as_csv(*facts: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    table = Csv(file, COLUMNS)
    table.add(facts)
    table.end()
    return file.getvalue()


def test_csv_is_as_rfc_4180_has_it() -> None:
    written = as_csv(fact(1, name='a "b", c\r\nd', allowed=True, count=-3), fact(2, allowed=False))
    assert written == (
        b"position,time,allowed,count,name\r\n"
        b'1,2026-11-28T01:02:03.000004Z,true,-3,"a ""b"", c\r\nd"\r\n'
        b"2,2026-11-28T01:02:03.000004Z,false,,\r\n"
    )
    rows = list(csv.DictReader(io.StringIO(written.decode(), newline="")))
    assert rows[0]["name"] == 'a "b", c\r\nd'


def test_without_facts_there_is_a_header() -> None:
    assert as_csv() == b"position,time,allowed,count,name\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_no_text_is_calculated(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv(fact(1, name=text)).decode(), newline=""))
    assert row["name"] == f"'{text}"


@pytest.mark.parametrize("text", ["demo", "did:key:z6Mk", "2026-01-31", "a=b", ""])
def test_other_text_is_left_alone(text: str) -> None:
    assert safe(text) == text


def test_a_number_below_zero_stays_a_number() -> None:
    assert as_csv(fact(1, count=-3)).splitlines()[1].split(b",")[3] == b"-3"


def test_a_field_that_no_column_is_for_is_left_out_of_a_table_and_kept_in_lines() -> None:
    odd = fact(1, later="field")
    assert b"field" not in as_csv(odd)
    file = io.BytesIO()
    table = JsonLines(file, COLUMNS)
    table.add([odd, fact(2, name="line\nbreak")])
    table.end()
    assert [json.loads(line) for line in file.getvalue().splitlines()] == [odd, fact(2, name="line\nbreak")]
    assert flat(odd)["later"] == "field"
