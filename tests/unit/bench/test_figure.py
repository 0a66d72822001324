"""What a figure says, and how a table shows it."""

from __future__ import annotations

import json

from bench.figure import Figure, middle_half, number, table


def test_a_ratio_is_value_over_baseline() -> None:
    assert Figure(what="a", value=300, unit="/s", baseline=200).ratio == 1.5


def test_rounds_with_ratios_of_their_own_decide() -> None:
    assert Figure(what="a", value=300, unit="/s", baseline=200, paired=1.1).ratio == 1.1


def test_without_a_baseline_there_is_no_ratio() -> None:
    assert Figure(what="a", value=300, unit="/s").ratio is None
    assert " - " in table("x", [Figure(what="a", value=300, unit="/s")])


def test_numbers_keep_three_digits() -> None:
    shown = [number(value) for value in (0, 0.0123456, 0.95, 1.234, 56.78, 1234.5, 1_234_567)]
    assert shown == ["0", "0.0123", "0.950", "1.23", "56.8", "1,234", "1,234,567"]


def test_a_table_shows_value_baseline_ratio_and_aim_under_their_names() -> None:
    figure = Figure(
        what="requests",
        value=900,
        unit="/s",
        baseline=1200,
        against="direct",
        aim="> 1,000 /s",
        note="p50 1 ms",
    )
    name, head, row = table("signed", [figure]).splitlines()
    assert name == "signed"
    for column, cell in (
        ("value", "900 /s"),
        ("baseline", "1,200 /s"),
        ("ratio", "0.750x"),
        ("aim", "> 1,000 /s"),
        ("against, note", "direct; p50 1 ms"),
    ):
        place = row.index(cell)
        assert place <= head.index(column) + len(column)
        assert head.index(column) <= place + len(cell)


def test_the_json_form_holds_the_ratio() -> None:
    document = json.loads(json.dumps(Figure(what="a", value=1, unit="s", baseline=2).to_json()))
    assert document["ratio"] == 0.5
    assert document["value"] == 1


def test_one_bad_round_does_not_widen_the_middle_half() -> None:
    assert middle_half([1.0, 1.1, 1.2, 1.3, 99.0]) == "1.10 to 1.30"
