"""The numbers of a dashboard as CSV, one number a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from authsome.cli.drawing.words import PERCENT
from authsome.cli.exporting.tables import safe

COLUMNS = ("tile", "line", "dimension", "value", "bucket", "number", "unit")
PERIOD, WHOLE, BEFORE = "period", "whole", "before"
SHARE, COUNT = "share", "count"
Cells = tuple[str, str, str, str, Any, str]


def tidy(found: Mapping[str, Any]) -> str:
    """RFC 4180. What has no bucket is over the whole time; an empty number is one that there is not."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for key, tile in found["tiles"].items():
        for row in _rows(tile, found["buckets"]):
            writer.writerow([_cell(cell) for cell in (key, *row)])
    return text.getvalue()


def _rows(tile: Mapping[str, Any], buckets: list[str]) -> Iterator[Cells]:
    unit = COUNT if tile["unit"] == PERCENT else tile["unit"]
    head = tile["headline"]
    for period, value in ((WHOLE, head["value"]), (BEFORE, head["before"])):
        yield ("headline", PERIOD, period, "", value, SHARE if head["unit"] == PERCENT else head["unit"])
    for key, line in tile["lines"].items():
        yield from _over_time(key, line, buckets, unit)
    if tile["rate"]:
        yield from _over_time("rate", tile["rate"], buckets, SHARE)
    for dimension, found in tile["by"].items():
        for row in found:
            for key, count in row["counts"].items():
                yield (key, dimension, row["name"], "", count, unit)
            if row["rate"] is not None:
                yield ("rate", dimension, row["name"], "", row["rate"], SHARE)
    yield from _funnel(tile, unit)
    yield from _retention(tile, unit)
    for lane in tile["lanes"]:
        for key in ("lag", "dead_letters", "dropped"):
            yield (key, "sink", lane["name"], "", lane[key], "facts")


def _over_time(key: str, line: Mapping[str, Any], buckets: list[str], unit: str) -> Iterator[Cells]:
    for bucket, value in zip(buckets, line["values"], strict=True):
        yield (key, "", "", bucket, value, unit)
    yield (key, PERIOD, WHOLE, "", line["total"], unit)
    yield (key, PERIOD, BEFORE, "", line["before"], unit)


def _funnel(tile: Mapping[str, Any], unit: str) -> Iterator[Cells]:
    for step in tile["steps"]:
        yield (step["step"], PERIOD, WHOLE, "", step["count"], unit)
        yield (step["step"], PERIOD, WHOLE, "", step["share"], SHARE)
    if times := tile["times"]:
        yield ("median", PERIOD, WHOLE, "", times["median_seconds"], "seconds")
        for one in times["within"]:
            yield ("within", "limit", one["limit"], "", one["count"], unit)


def _retention(tile: Mapping[str, Any], unit: str) -> Iterator[Cells]:
    """The cohorts follow each other without a gap, so that the later ones name the buckets of the earlier."""
    starts = [one["start"] for one in tile["cohorts"]]
    for at, one in enumerate(tile["cohorts"]):
        yield ("began", "cohort", one["start"], one["start"], one["size"], unit)
        for bucket, count in zip(starts[at:], one["retained"], strict=False):
            yield ("retained", "cohort", one["start"], bucket, count, unit)


def _cell(value: Any) -> str:
    return "" if value is None else safe(value) if isinstance(value, str) else str(value)
