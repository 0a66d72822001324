"""CSV has every number of the answer in a row of its own, and each cell has one meaning."""

from __future__ import annotations

import csv
import io
from typing import Any

from authsome.cli.drawing.tidy import COLUMNS, tidy
from tests.unit.cli.drawing.samples import answer, every_kind


def rows_of(found: dict[str, Any]) -> list[dict[str, str]]:
    table = csv.DictReader(io.StringIO(tidy(found), newline=""))
    rows = list(table)
    assert tuple(table.fieldnames or ()) == COLUMNS
    return rows


def test_every_number_is_there_under_a_key_of_its_own() -> None:
    found = answer(every_kind())
    rows = rows_of(found)
    keys = [tuple(row[name] for name in COLUMNS if name != "number") for row in rows]
    assert len(keys) == len(set(keys))
    by_key = dict(zip(keys, (row["number"] for row in rows), strict=True))
    tiles = found["tiles"]
    for key, line in tiles["counts"]["lines"].items():
        for bucket, value in zip(found["buckets"], line["values"], strict=True):
            assert by_key["counts", key, "", "", bucket, "identities"] == str(value)
        assert by_key["counts", key, "period", "before", "", "identities"] == str(line["before"])
    assert by_key["rate", "rate", "", "", found["buckets"][1], "share"] == "", (
        "there was nothing to have it of"
    )
    assert by_key["rate", "rate", "provider", "github", "", "share"] == "0.75"
    assert by_key["rate", "failed", "provider", "", "", "count"] == "1"
    assert by_key["ranking", "principals", "provider", "p10", "", "identities"] == "10", (
        "also what is not drawn"
    )
    assert by_key["funnel", "opened", "period", "whole", "", "share"] == "0.75"
    assert by_key["funnel", "median", "period", "whole", "", "seconds"] == "754.0"
    assert by_key["retention", "retained", "cohort", "2026-11-09", "2026-11-16", "identities"] == "5"
    assert by_key["lanes", "lag", "sink", "posthog", "", "facts"] == "3"
    assert by_key["rate", "headline", "period", "before", "", "share"] == "0.5"
    assert {row["tile"] for row in rows} == set(tiles)


def test_an_empty_dashboard_has_a_header() -> None:
    assert rows_of(answer([])) == []
