"""Tiles: what is said, drawn and listed of each kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from authsome.analytics import answers as a
from authsome.analytics.metric import Kind, Unit
from authsome.analytics.metrics import METRICS
from authsome.server.web import pages as p
from authsome.server.web.dashboards.choices import Choices
from authsome.server.web.dashboards.scene import Scene, scene_of
from authsome.server.web.dashboards.tile import BUILDERS, tile_of
from authsome.server.web.pages.charts import BarChart, HeatMap, TimeChart
from tests.unit.server.web import sample_dashboard
from tests.unit.server.web.sample_answers import PROVIDERS, TODAY, Sample, headline, share, tile

DAYS = 3


def line(key: str, *values: int, before: float = 0, total: float | None = None) -> a.LineAnswer:
    title = key.replace("_", " ").capitalize()
    whole = sum(values) if total is None else total
    return a.LineAnswer(key=key, title=title, values=values, total=whole, before=before)


def scene(days: int = DAYS, bucket: str = "day", **changes: object) -> Scene:
    found = scene_of(Sample(days, bucket).dashboard("adoption"), PROVIDERS)
    return replace(found, **changes)  # type: ignore[arg-type]


def shown(answer: a.TileAnswer, of: Scene | None = None) -> p.Tile:
    return tile_of(answer, of or scene(), Choices(dashboard="adoption"))


def drawn(found: p.Tile) -> TimeChart:
    assert isinstance(found.chart, TimeChart)
    return found.chart


def test_every_kind_of_metric_is_drawn() -> None:
    assert set(BUILDERS) == {kind.value for kind in Kind}


def test_the_lines_of_a_share_are_numbers_of_something() -> None:
    assert all(metric.line_unit is not Unit.PERCENT for metric in METRICS)


def test_growth_has_the_total_above_what_is_new() -> None:
    total = line("total", 5, 5, 7, total=7, before=4)
    found = shown(tile("principals", "growth", "principals", line("new", 1, 0, 2, before=4), total))
    above, below = drawn(found).axes
    assert list(above.series[0].values) == [5, 5, 7]
    assert list(below.series[0].values) == [1, 0, 2]
    assert (
        found.summary
        == "7 principals total now; 3 new in the last 3 days, 1 fewer than in the 3 days before."
    )


def test_counts_are_lines_that_are_never_stacked() -> None:
    found = shown(
        tile("identities", "counts", "identities", line("registered", 4, 1, 0), line("claimed", 2, 0, 0))
    )
    assert [one.mark.value for one in drawn(found).axes[0].series] == ["line", "line"]
    assert found.summary.startswith("5 identities registered and 2 claimed in the last 3 days;")


def test_a_day_without_a_rate_has_a_gap_and_not_a_zero() -> None:
    lines = line("completed", 3, 0, 0), line("failed", 1, 0, 2)
    found = shown(tile("sessions", "rate", "percent", *lines, rate=share(*lines)))
    assert drawn(found).axes[0].series[0].values == (0.75, None, 0.0)
    assert found.tables[0].shown[1] == (date(2026, 11, 21), ["–", "0", "0"])
    assert found.summary == "50.0% completed in the last 3 days: 3 of 6 auth sessions; 3 failed."


def test_what_counts_neither_for_nor_against_is_told_apart() -> None:
    lines = line("completed", 3, 0, 0), line("failed", 1, 0, 0), line("cancelled", 0, 2, 0)
    rate = a.RateAnswer(values=(0.75, None, None), total=0.75, before=None, beside=("cancelled",))
    found = shown(tile("sessions", "rate", "percent", *lines, rate=rate))
    assert found.summary == (
        "75.0% completed in the last 3 days: 3 of 4 auth sessions; 1 failed. Not counted in it: 2 cancelled."
    )


def test_a_rate_of_nothing_says_so() -> None:
    lines = line("completed", 0, 0, 0), line("cancelled", 0, 2, 0)
    rate = a.RateAnswer(values=(None, None, None), total=None, before=None, beside=("cancelled",))
    found = shown(tile("sessions", "rate", "percent", *lines, rate=rate))
    assert found.summary == "Nothing to have a share of in the last 3 days. Not counted in it: 2 cancelled."


def test_a_rate_is_told_by_each_dimension_and_a_reason_has_none() -> None:
    sessions = sample_dashboard.sessions(Sample())
    tables = {table.key: table for table in shown(sessions, scene(30)).tables}
    assert [column.name for column in tables["provider"].columns][:2] == ["Rate", "Completed"]
    assert tables["provider"].rows[0][0] == "GitHub"
    assert tables["reason"].columns[0].name == "Completed"
    assert [name for name, _ in tables["reason"].rows] == ["key invalid", "not said"]


def test_the_others_of_a_split_are_grey_and_known_providers_have_their_names() -> None:
    lines = line("github", 3, 0, 0), line("own-tool", 1, 0, 0), line("others", 1, 0, 0)
    found = shown(tile("providers", "split", "connections", *lines))
    series = drawn(found).axes[0].series
    assert [one.name for one in series] == ["GitHub", "Own-tool", "Others"]
    assert series[2].ink == 4
    assert len({one.ink for one in series}) == 3
    assert "most often: GitHub, 3 (60.0%)" in found.summary


def test_what_stands_is_of_a_moment_and_not_of_a_time() -> None:
    found = shown(tile("open", "standing", "connections", line("open", 8, 8, 9, total=9, before=7)))
    assert found.period == "now"
    assert found.summary == "9 connections open now; open: 2 more than at the end of 19 Nov 2026."
    past = shown(
        tile("open", "standing", "connections", line("open", 8, 8, 9, total=9, before=7)),
        scene(up_to_now=False, unfinished=False),
    )
    assert past.period == "at the end of 22 Nov 2026"


def test_a_ranking_draws_ten_and_lists_all() -> None:
    rows = tuple(a.RowAnswer(name=f"provider-{at:02}", counts={"made": 14 - at}) for at in range(14))
    found = shown(tile("top", "ranking", "connections", line("made", 105), by={"provider": rows}))
    assert isinstance(found.chart, BarChart)
    data = found.chart.data()
    assert isinstance(data["names"], list)
    assert len(data["names"]) == 10
    assert len(found.tables[0].rows) == 14
    assert found.summary.startswith("Provider-00 leads with 14 of 105 connections (13.3%)")


def test_a_funnel_tells_shares_of_the_first_step_and_the_time_of_half() -> None:
    found = shown(sample_dashboard.funnel(Sample()), scene(30))
    assert isinstance(found.chart, BarChart)
    assert found.chart.bars[0].labels[2] == "118 · 81.9%"
    assert "118 claimed (81.9%)" in found.summary
    assert "Registered to claimed: half of them took 5.2 minutes or less." in found.summary
    assert [table.key for table in found.tables] == ["steps", "times"]


def test_cohorts_are_a_table_of_shares_and_the_week_that_is_not_over_says_so() -> None:
    cohorts = (
        a.CohortAnswer(start=date(2026, 11, 9), size=10, retained=(9, 6)),
        a.CohortAnswer(start=date(2026, 11, 16), size=0, retained=(0,)),
    )
    found = shown(tile("back", "retention", "principals", cohorts=cohorts))
    assert isinstance(found.chart, HeatMap)
    cells = found.chart.rows[0][2]
    assert [cell.text for cell in cells] == ["90%", "60%"]
    assert cells[1].said == "6 of 10 principals, 60.0%, so far"
    assert found.chart.rows[1][2][0].text == "–"
    assert found.tables[0].rows[0] == (date(2026, 11, 9), (10, 9, 6))


def test_cohorts_are_compared_newer_with_older() -> None:
    weeks = [date(2026, 10, 19) + timedelta(weeks=number) for number in range(5)]
    kept = ((10, 5, 0, 0, 0), (10, 6, 0, 0), (10, 7, 0), (10, 9), (10,))
    cohorts = tuple(
        a.CohortAnswer(start=week, size=10, retained=retained)
        for week, retained in zip(weeks, kept, strict=True)
    )
    found = shown(tile("back", "retention", "principals", cohorts=cohorts))
    assert found.summary == (
        "Of 30 principals who began in the 3 weeks whose next one is over, 18 (60.0%) were active in that "
        "one: 65.0% of the newer 2 weeks, 50.0% of the older 1."
    )


def test_what_was_dropped_is_no_sink_that_works() -> None:
    lanes = (a.LaneAnswer(name="Counting", works=True, lag=0, dead_letters=0, paused=None, dropped=7),)
    found = shown(tile("delivery", "lanes", "facts", head=headline("Waiting", 7, None, "facts"), lanes=lanes))
    assert found.summary == "Counting (works): 7 uses dropped."
    assert found.tables[0].shown[0] == ("Counting", ["works", "0", "0", "7"])


def test_lanes_are_told_as_they_are_right_now() -> None:
    lanes = (a.LaneAnswer(name="PostHog", works=True, lag=2, dead_letters=1, paused="a wrong key"),)
    found = shown(tile("delivery", "lanes", "facts", head=headline("Waiting", 3, None, "facts"), lanes=lanes))
    assert found.chart is None
    assert found.tables[0].is_open
    assert found.summary == "PostHog (paused: a wrong key): 2 facts waiting and 1 fact set aside."
    assert found.headline.change == "right now, without a history"


@pytest.mark.parametrize("name", ["adoption", "reliability", "mine"])
def test_with_nothing_to_draw_each_tile_says_what_to_do(name: str) -> None:
    for found in sample_dashboard.dashboard(name, empty=True).tiles:
        assert found.chart is None
        assert found.empty
        assert all(command.startswith("authsome ") for command in found.empty.commands)


def test_with_a_filter_that_finds_nothing_the_filter_is_named() -> None:
    found = shown(tile("x", "counts", "requests", line("proxy", 0, 0, 0)), scene(filtered=True))
    assert found.empty
    assert "filters" in found.empty.text


def test_a_filter_that_a_tile_does_not_have_is_told() -> None:
    found = shown(tile("x", "counts", "requests", line("proxy", 1), ignores=("provider",)))
    assert found.notes[0].startswith("Not narrowed by provider")


@pytest.mark.parametrize(
    ("value", "before", "unit", "said"),
    [
        (60, 48, "principals", "12 more (+25%) than in the 3 days before"),
        (1, 4, "refusals", "3 fewer (-75%) than in the 3 days before"),
        (4, 4, "refusals", "the same as in the 3 days before"),
        (3, 0, "refusals", "3 more than in the 3 days before"),
        (0.9, 0.85, "percent", "5.0 percentage points more than in the 3 days before"),
        (0.84, 0.85, "percent", "1.0 percentage point less than in the 3 days before"),
        (0.9, None, "percent", "nothing to compare with in the 3 days before"),
        (None, 0.5, "percent", "nothing to count"),
    ],
)
def test_a_headline_says_what_became_of_it(value: float, before: float, unit: str, said: str) -> None:
    found = shown(tile("x", "counts", unit, line("a", 1), head=headline("A", value, before, unit)))
    assert found.headline.change == said


def test_no_number_is_without_unit_and_period() -> None:
    for name in ("adoption", "reliability", "mine"):
        for found in sample_dashboard.dashboard(name).tiles:
            assert found.headline.unit or found.headline.value.endswith("%"), found.anchor
            assert found.period, found.anchor
            for table in found.tables:
                for column in table.columns:
                    assert column.unit or column.written.value == "percent" or column.name == "State"


def test_a_bucket_that_is_not_over_is_drawn_as_such() -> None:
    assert drawn(shown(tile("x", "active", "principals", line("active", 1, 2, 3)))).unfinished
    past = shown(tile("x", "active", "principals", line("active", 1, 2, 3)), scene(unfinished=False))
    assert not drawn(past).unfinished


def test_the_newest_is_first_in_a_table_and_last_in_a_file() -> None:
    table = shown(tile("x", "active", "principals", line("active", 1, 2, 3))).tables[0]
    assert table.shown[0][1] == ["3"]
    assert table.rows[-1][0] == TODAY
    assert table.first == "Day (UTC)"
