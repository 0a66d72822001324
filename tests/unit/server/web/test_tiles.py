from __future__ import annotations

from datetime import date, timedelta

from authsome.server.web import pages as p
from authsome.server.web.pages.charts import RankChart, TimeChart, buckets, weeks

WORDS = p.Words(title="A title", question="A question?", definition="A definition.")


def days(length: int) -> list[date]:
    last = date(2026, 11, 22)
    return [last - timedelta(days=length - 1 - at) for at in range(length)]


def drawn(tile: p.Tile) -> TimeChart:
    chart = tile.chart
    assert isinstance(chart, TimeChart)
    return chart


def test_the_total_stands_above_what_is_new() -> None:
    tile = p.principals_over_time(WORDS, days=days(3), new=[1, 0, 2], total=[5, 5, 7])
    above, below = drawn(tile).axes
    assert list(above.series[0].values) == [5, 5, 7]
    assert list(below.series[0].values) == [1, 0, 2]
    assert tile.summary == "7 registered in all; 3 of them in the last 3 days."


def test_the_rate_leaves_out_days_on_which_nothing_ended() -> None:
    tile = p.auth_session_success(
        WORDS, days=days(3), completed=[3, 0, 0], failed=[1, 0, 0], expired=[0, 0, 2]
    )
    assert list(drawn(tile).axes[0].series[0].values) == [0.75, None, 0.0]
    assert tile.summary == "50.0% of 6 that ended in the last 3 days completed."


def test_identities_are_told_with_what_became_of_them() -> None:
    tile = p.identities_and_claims(WORDS, days=days(2), registered=[4, 1], claimed=[2, 0], rejected=[0, 1])
    assert tile.summary == "5 registered in the last 2 days; 2 claimed, 1 rejected."
    assert [series.name for series in drawn(tile).axes[1].series] == ["Claimed", "Rejected"]


def test_providers_are_ranked_and_those_without_connections_left_out() -> None:
    tile = p.top_providers(WORDS, names=["b", "a", "none", "c"], connections=[2, 2, 0, 4])
    assert isinstance(tile.chart, RankChart)
    assert tile.chart.names == ("c", "a", "b")
    assert tile.summary == "c leads: 4 of 8 connections, 50.0%."


def test_a_ranking_draws_ten_and_lists_all() -> None:
    names = [f"provider-{at:02}" for at in range(14)]
    tile = p.top_providers(WORDS, names=names, connections=range(14, 0, -1))
    assert isinstance(tile.chart, RankChart)
    assert len(list(tile.chart.data()["names"])) == 10  # type: ignore[call-overload]
    assert len(tile.chart.rows()) == 14


def test_with_nothing_to_draw_the_tile_says_what_to_do() -> None:
    none = [0, 0]
    tiles = (
        p.principals_over_time(WORDS, days=days(2), new=none, total=none),
        p.identities_and_claims(WORDS, days=days(2), registered=none, claimed=none, rejected=none),
        p.auth_session_success(WORDS, days=days(2), completed=none, failed=none, expired=none),
        p.top_providers(WORDS, names=["a", "b"], connections=none),
    )
    for tile in tiles:
        assert tile.chart is None
        assert tile.empty.text
        assert all(command.startswith("authsome ") for command in tile.empty.commands)


def test_a_year_is_drawn_in_weeks_that_lose_nothing() -> None:
    length = 365
    tile = p.principals_over_time(
        WORDS, days=days(length), new=[1] * length, total=list(range(1, length + 1))
    )
    chart = drawn(tile)
    assert chart.weekly
    assert chart.starts[-1] == date(2026, 11, 16)
    assert sum(value or 0 for value in chart.axes[1].series[0].values) == length
    assert chart.axes[0].series[0].values[-1] == length


def test_weeks_are_cut_from_the_last_day_back() -> None:
    assert weeks(10) == [slice(0, 3), slice(3, 10)]
    assert weeks(7) == [slice(0, 7)]
    assert buckets(2) == [slice(0, 1), slice(1, 2)]
    assert buckets(0) == []


def test_the_table_lists_what_the_chart_draws_newest_first() -> None:
    tile = p.auth_session_success(WORDS, days=days(2), completed=[1, 1], failed=[0, 1], expired=[0, 0])
    chart = drawn(tile)
    assert chart.header == ("Day", "Rate", "Completed", "Failed", "Expired")
    assert chart.rows()[0] == (date(2026, 11, 22), ["50.0%", "1", "1", "0"])
    assert chart.rows()[1] == (date(2026, 11, 21), ["100%", "1", "0", "0"])
