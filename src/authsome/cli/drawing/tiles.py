"""A tile: its question, its headline, and whatever parts its answer has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from authsome.cli.drawing.marks import INDENT, Row, draw_rows, shade
from authsome.cli.drawing.pen import BOLD, DIM, Pen
from authsome.cli.drawing.words import change, duration, number, percent, unit_of

MOST_ROWS = 8
CELL = 5  # of a retention table: a gap, a shade, and up to three digits
Tile = Mapping[str, Any]


def draw_tile(tile: Tile, pen: Pen) -> Iterator[str]:
    """The lines of the tile. What its kind does not have is empty in the answer and not drawn."""
    yield from pen.prose(_headline(tile), BOLD)
    yield from pen.prose(tile["question"], DIM, indent=INDENT)
    for name in tile["ignores"]:
        yield from pen.prose(f"This is of everything: it cannot be narrowed to one {name}.", indent=INDENT)
    parts = [
        *_lines(tile, pen),
        *_dimensions(tile, pen),
        *_steps(tile, pen),
        *_cohorts(tile["cohorts"], pen),
        *_lanes(tile["lanes"], pen),
    ]
    yield from parts or [pen.line(INDENT + "Nothing yet.")]


def _headline(tile: Tile) -> str:
    head = tile["headline"]
    unit = head["unit"]
    told = change(head["value"], head["before"], unit)
    value = f"{head['label']} {number(head['value'], unit)}{unit_of(unit, head['value'])}"
    return f"{tile['title']}: {value}" + (f" ({told})" if told else "")


def _lines(tile: Tile, pen: Pen) -> list[str]:
    lines = list(tile["lines"].values())
    whole = sum(line["total"] for line in lines) if tile["kind"] == "split" else 0
    rows = [
        Row(
            line["title"],
            [
                number(line["total"]),
                *([percent(line["total"] / whole)] if whole else []),
                change(line["total"], line["before"]),
            ],
            over_time=line["values"],
        )
        for line in lines
    ]
    if rate := tile["rate"]:
        told = change(rate["total"], rate["before"], "percent")
        rows.append(Row("Rate", [percent(rate["total"]), told], over_time=rate["values"]))
    return draw_rows(rows, pen)


def _dimensions(tile: Tile, pen: Pen) -> Iterator[str]:
    for dimension, found in tile["by"].items():
        if any(row["name"] for row in found):
            yield from _dimension(f"by {dimension}", found, tile, pen)


def _dimension(heading: str, found: Sequence[Mapping[str, Any]], tile: Tile, pen: Pen) -> Iterator[str]:
    """Bars as long as the first line's counts; of a rate as long as the rate."""
    keys = list(found[0]["counts"])
    titles = [tile["lines"][key]["title"] if key in tile["lines"] else key for key in keys]
    has_rate = any(row["rate"] is not None for row in found)
    most = max(row["counts"][keys[0]] for row in found) or 1
    rows = [
        Row(
            row["name"] or "(none)",
            [*(number(row["counts"][key]) for key in keys), *[percent(row["rate"])][:has_rate]],
            length=(row["rate"] or 0) if has_rate else row["counts"][keys[0]] / most,
        )
        for row in found[:MOST_ROWS]
    ]
    yield from draw_rows(rows, pen, [heading, *titles, *["Rate"][:has_rate]])
    if len(found) > MOST_ROWS:
        more = f"and {len(found) - MOST_ROWS} more: --json and --csv have them all."
        yield from pen.prose(more, indent=INDENT)


def _steps(tile: Tile, pen: Pen) -> Iterator[str]:
    rows = [
        Row(step["title"], [number(step["count"]), percent(step["share"])], length=step["share"] or 0)
        for step in tile["steps"]
    ]
    yield from draw_rows(rows, pen)
    if times := tile["times"]:
        median = duration(times["median_seconds"])
        yield from pen.prose(f"{times['title']}: median {median}", indent=INDENT)
        whole = times["within"][-1]["count"] if times["within"] else 0
        within = [
            Row(f"within {one['limit']}", [number(one["count"])], length=one["count"] / (whole or 1))
            for one in times["within"]
        ]
        yield from draw_rows(within, pen)


def _cohorts(cohorts: Sequence[Mapping[str, Any]], pen: Pen) -> Iterator[str]:
    """A row for each cohort, with as many of its buckets as the width has room for."""
    if not cohorts:
        return
    sizes = max(len("began"), *(len(number(one["size"])) for one in cohorts))
    room = max(1, (pen.width - len(INDENT) - 10 - 2 - sizes) // CELL)
    columns = min(room, max(len(one["retained"]) for one in cohorts))
    marks = "".join(f"{f'+{at}':>{CELL}}" for at in range(columns))
    what = f"% of those who began that were active so many {_buckets(cohorts)} later"
    yield from pen.prose(what, indent=INDENT)
    yield pen.line(f"{INDENT}{'from':<10}  {'began':>{sizes}}{marks}")
    for one in cohorts:
        cells = (_cell(count, one["size"], pen) for count in one["retained"][:columns])
        yield pen.line(f"{INDENT}{one['start']}  {number(one['size']):>{sizes}}{''.join(cells)}")


def _cell(count: int, size: int, pen: Pen) -> str:
    return f" {shade(count / size, pen)}{round(count / size * 100):>3}" if size else " " * CELL


def _buckets(cohorts: Sequence[Mapping[str, Any]]) -> str:
    if len(cohorts) == 1:
        return "buckets"
    first, second = (date.fromisoformat(one["start"]) for one in cohorts[:2])
    days = (second - first).days
    return {1: "days", 7: "weeks"}.get(days, "months")


def _lanes(lanes: Sequence[Mapping[str, Any]], pen: Pen) -> list[str]:
    rows = [
        Row(lane["name"], [_state(lane), *map(number, (lane["lag"], lane["dead_letters"], lane["dropped"]))])
        for lane in lanes
    ]
    why = [
        line
        for lane in lanes
        if lane["paused"]
        for line in pen.prose(f"{lane['name']} is paused: {lane['paused']}", indent=INDENT)
    ]
    return (
        [*draw_rows(rows, pen, ["right now", "state", "waiting", "set aside", "dropped"]), *why]
        if rows
        else []
    )


def _state(lane: Mapping[str, Any]) -> str:
    if lane["paused"]:
        return "paused"
    return "works" if lane["works"] else "off"
