"""A tile as a file."""

from __future__ import annotations

import csv
import io
import json

import pytest

from authsome.analytics import answers as a
from authsome.server.web.dashboards.errors import TileMissing
from authsome.server.web.dashboards.export import csv_file, harmless, json_file
from authsome.server.web.dashboards.scene import scene_of
from tests.unit.server.web import sample_dashboard
from tests.unit.server.web.sample_answers import Sample, tile

SAMPLE = Sample()


def dashboard(*tiles: a.TileAnswer) -> a.DashboardAnswer:
    return SAMPLE.dashboard("adoption", *tiles)


def rows(answer: a.DashboardAnswer, key: str, table: str = "") -> list[list[str]]:
    file = csv_file(answer, key, scene_of(answer, {}), table=table)
    assert file.body.endswith("\r\n")
    return list(csv.reader(io.StringIO(file.body, newline="")))


def test_the_header_says_unit_and_time_zone_and_the_numbers_are_bare() -> None:
    line = SAMPLE.line("new", "New", 1_000)
    answer = dashboard(tile("principals", "active", "principals", line))
    head, *body = rows(answer, "principals")
    assert head == ["Day (UTC)", "New (principals)"]
    assert [int(value) for _, value in body] == list(line.values)
    assert [day for day, _ in body] == [day.isoformat() for day in answer.buckets]


def test_a_share_is_a_number_between_0_and_1_and_nothing_where_there_is_none() -> None:
    answer = dashboard(sample_dashboard.sessions(SAMPLE))
    head, *body = rows(answer, "auth_sessions")
    assert head[1] == "Rate (share, 0 to 1)"
    rate = answer.tiles[0].rate
    assert rate
    assert [float(line[1]) if line[1] else None for line in body] == list(rate.values)


def test_each_table_of_a_tile_is_a_file_of_its_own() -> None:
    answer = dashboard(sample_dashboard.funnel(SAMPLE))
    assert rows(answer, "claim_funnel")[0][0] == "Step"
    assert rows(answer, "claim_funnel", "times")[0][0] == "Within"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"])
def test_nothing_that_people_typed_is_computed_by_a_spreadsheet(text: str) -> None:
    assert harmless(text) == f"'{text}"
    row = a.RowAnswer(name=text, counts={"connections": 1})
    line = SAMPLE.line("connections", "Connections", 1)
    answer = dashboard(tile("top", "ranking", "connections", line, by={"provider": (row,)}))
    assert rows(answer, "top")[1] == [f"'{text}", "1"]


def test_a_comma_a_quote_and_a_line_end_stay_in_their_field() -> None:
    row = a.RowAnswer(name='a, "b"\nc', counts={"connections": 1})
    line = SAMPLE.line("connections", "Connections", 1)
    answer = dashboard(tile("top", "ranking", "connections", line, by={"provider": (row,)}))
    assert rows(answer, "top")[1] == ['a, "b"\nc', "1"]


def test_json_is_the_answer_of_the_api_with_this_tile_alone() -> None:
    answer = dashboard(sample_dashboard.sessions(SAMPLE), sample_dashboard.funnel(SAMPLE))
    found = json.loads(json_file(answer, "claim_funnel").body)
    assert list(found["tiles"]) == ["claim_funnel"]
    whole = json.loads(json.dumps(answer.to_json()))
    assert found == {**whole, "tiles": {"claim_funnel": whole["tiles"]["claim_funnel"]}}


def test_a_file_is_named_by_what_is_in_it() -> None:
    answer = dashboard(sample_dashboard.funnel(SAMPLE))
    assert csv_file(answer, "claim_funnel", scene_of(answer, {})).name == (
        "authsome-adoption-claim-funnel-2026-10-24-2026-11-22.csv"
    )


def test_a_tile_or_table_that_is_not_there_is_refused() -> None:
    answer = dashboard(sample_dashboard.funnel(SAMPLE))
    for key, table in (("nothing", ""), ("claim_funnel", "nothing")):
        with pytest.raises(TileMissing):
            csv_file(answer, key, scene_of(answer, {}), table=table)
    with pytest.raises(TileMissing):
        json_file(answer, "nothing")
