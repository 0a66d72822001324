"""Every kind of tile is drawn within the width, in characters that the output has, with all its numbers."""

from __future__ import annotations

import re

import pytest

from authsome.analytics.answers import CohortAnswer, RowAnswer, StepAnswer, TimesAnswer
from authsome.analytics.metric import Kind
from authsome.cli.drawing.dashboard import draw_dashboard
from authsome.cli.drawing.marks import Row, draw_rows
from authsome.cli.drawing.pen import Pen
from tests.unit.cli.drawing.samples import END, answer, every_kind, headline, line, tile

HUGE = 10**15


def drawn(*tiles: object, pen: Pen | None = None, buckets: int = 4) -> list[str]:
    return list(draw_dashboard(answer(tiles, buckets=buckets), pen or Pen()))  # type: ignore[arg-type]


def row(lines: list[str], name: str) -> str:
    (found,) = [one for one in lines if one.strip().startswith(name)]
    return found


def test_the_samples_have_every_kind() -> None:
    assert {one.kind for one in every_kind()} == {kind.value for kind in Kind}


def test_time_zone_buckets_and_filters_are_said() -> None:
    lines = drawn()
    assert lines == [
        "Adoption",
        "2026-11-25 to 2026-11-28, by day, Europe/Berlin",
        "Compared with the 4 days before. As of 2026-11-28 09:30Z.",
        "Only provider github.",
    ]


@pytest.mark.parametrize("scale", [0, 1, HUGE])
@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp437"])
@pytest.mark.parametrize("buckets", [0, 1, 4, 730])
def test_no_line_is_too_wide_or_cannot_be_written(
    scale: int, width: int, encoding: str, buckets: int
) -> None:
    for one in drawn(*every_kind(scale, buckets), pen=Pen(width, encoding), buckets=buckets):
        assert len(one) <= width
        one.encode(encoding)


def test_a_line_has_its_total_its_change_and_its_course() -> None:
    lines = drawn(tile("a", "counts", lines=(line("new", [0, 1, 2, 7], before=4), line("none", [0] * 4))))
    assert "Title of a: New 12 identities (3 more)" in lines
    assert re.fullmatch(r"  New +10 +6 more +▁▂▃█", row(lines, "New"))
    assert re.fullmatch(r"  None +0 +as before +▁▁▁▁", row(lines, "None"))


def test_a_rate_has_points_and_gaps_where_there_was_nothing() -> None:
    (rate,) = [one for one in every_kind() if one.kind == "rate"]
    lines = drawn(rate)
    assert "Title of rate: New 25% (25 points down)" in lines
    assert re.fullmatch(r"  Rate +25% +25 points down +▁ ▆█", row(lines, "Rate"))
    assert re.fullmatch(r"  by provider +Completed +Failed +Rate", row(lines, "by provider"))
    assert re.fullmatch(r"  github +3 +1 +75% +█+", row(lines, "github"))
    assert re.fullmatch(r"  \(none\) +0 +1 +0%", row(lines, "(none)"))


def test_nothing_to_have_a_rate_of_is_no_rate() -> None:
    lines = drawn(tile("a", "rate", "percent", headline=headline(None, None, "percent")))
    assert "Title of a: New n/a" in lines
    assert "  Nothing yet." in lines


def test_a_ranking_has_bars_and_says_how_many_are_not_shown() -> None:
    (ranking,) = [one for one in every_kind() if one.kind == "ranking"]
    lines = drawn(ranking)
    first, last = row(lines, "p0"), row(lines, "p7")
    assert 0 < last.count("█") < first.count("█")
    assert not [one for one in lines if one.strip().startswith("p8")]
    assert "  and 3 more: --json and --csv have them all." in lines


def test_a_split_says_the_share_of_each() -> None:
    lines = drawn(tile("a", "split", lines=(line("openai", [3, 0, 0, 0]), line("others", [0, 1, 0, 0]))))
    assert re.fullmatch(r"  Openai +3 +75% +3 more +█▁▁▁", row(lines, "Openai"))


def test_a_funnel_has_shares_bars_and_times() -> None:
    (funnel,) = [one for one in every_kind() if one.kind == "funnel"]
    lines = drawn(funnel)
    assert "Title of funnel: New 25% (none before)" in lines
    assert row(lines, "Registered  ").count("█") > row(lines, "Claimed").count("█") > 0
    assert re.fullmatch(r"  Opened +3 +75% +█+", row(lines, "Opened"))
    assert "  Registered to claimed: median 12.6 minutes" in lines
    assert re.fullmatch(r"  within 5 minutes +1 +█+", row(lines, "within 5 minutes"))


def test_a_funnel_that_nobody_entered_has_no_shares() -> None:
    times = TimesAnswer(title="Registered to claimed", median_seconds=None, within=(("1 day", 0),))
    steps = (StepAnswer(key="registered", title="Registered", count=0, share=None),)
    lines = drawn(tile("a", "funnel", steps=steps, times=times))
    assert re.fullmatch(r"  Registered +0 +n/a", row(lines, "Registered  "))
    assert "  Registered to claimed: median n/a" in lines


def test_retention_is_a_triangle_of_shades_and_numbers() -> None:
    (retention,) = [one for one in every_kind() if one.kind == "retention"]
    lines = drawn(retention)
    assert "  % of those who began that were active so many weeks later" in lines
    assert "  from        began   +0   +1   +2" in lines
    assert "  2026-11-09     10 █100 ▒ 50 ░ 20" in lines
    assert "  2026-11-16      4 █100 ▒ 50" in lines
    assert "  2026-11-23      0" in lines


def test_retention_shows_as_many_weeks_as_there_is_room_for() -> None:
    long = CohortAnswer(start=END, size=1, retained=(1,) * 40)
    lines = drawn(tile("a", "retention", cohorts=(long,)), pen=Pen(50))
    assert row(lines, "2026-11-28 ").count("█") == 6


def test_lanes_say_what_they_wait_for_and_what_cannot_be_narrowed() -> None:
    (lanes,) = [one for one in every_kind() if one.kind == "lanes"]
    lines = drawn(lanes)
    assert "  This is of everything: it cannot be narrowed to one provider." in lines
    assert re.fullmatch(r"  posthog +paused +3 +1 +0", row(lines, "posthog  "))
    assert "  posthog is paused: 402" in lines
    assert re.fullmatch(r"  file +off +0 +0 +0", row(lines, "file"))


def test_where_there_is_little_room_words_are_broken_and_headings_cut_and_no_number_is() -> None:
    (rate,) = [one for one in every_kind() if one.kind == "rate"]
    wide = re.sub(r"[^0-9%]+", " ", " ".join(drawn(rate)))
    narrow = drawn(rate, pen=Pen(30))
    assert re.sub(r"[^0-9%]+", " ", " ".join(narrow)) == wide
    assert "What about rate?" in " ".join(one.strip() for one in narrow)


def test_a_long_heading_is_broken_at_its_words_before_it_is_cut() -> None:
    rows = [Row("google", ["9", "1"], length=0.9)]
    heading = ["by provider", "Answered by the provider", "Rejected by the provider"]
    assert draw_rows(rows, Pen(50), heading)[:3] == [
        "               Answered  Rejected",
        "                 by the    by the",
        "  by provider  provider  provider",
    ]
    assert draw_rows(rows, Pen(80), heading)[0].endswith("Answered by the provider  Rejected by the provider")


def test_one_is_not_many() -> None:
    assert "Title of a: New 1 identity (as before)" in drawn(tile("a", "counts", headline=headline(1, 1)))


def test_what_others_named_cannot_redraw_the_terminal() -> None:
    rows = (RowAnswer(name="evil\x1b[2J\u202e", counts={"new": 1}),)
    text = "\n".join(drawn(tile("a", "ranking", lines=(line("new", [1]),), by={"provider": rows})))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_without_blocks_plain_characters_stand_for_them() -> None:
    lines = drawn(*every_kind(), pen=Pen(encoding="ascii"))
    assert [one for one in lines if re.fullmatch(r"  Claimed +6 +6 more +_:\+#", one)]
    assert "  2026-11-09     10 #100 : 50 . 20" in lines
