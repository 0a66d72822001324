"""The marks that a tile is drawn with, and rows of them that fit the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from authsome.cli.drawing.pen import Pen

INDENT = "  "
GAP = "  "
LEAST_NAME = 8
LEAST_MARK = 4  # a shorter sparkline or bar says nothing
LONGEST_SPARK = 40
LONGEST_BAR = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A name, cells to the right of it, and what is drawn at the end: values over time, or a length."""

    name: str
    cells: Sequence[str]
    over_time: Sequence[float | None] | None = None
    length: float | None = None  # between 0 and 1


def spark(values: Sequence[float | None], pen: Pen, width: int = LONGEST_SPARK) -> str:
    """One character a value; more values than characters are put together by their mean. None is a blank."""
    step = -(-len(values) // max(1, width)) or 1
    groups = [[v for v in values[at : at + step] if v is not None] for at in range(0, len(values), step)]
    means = [sum(group) / len(group) if group else None for group in groups]
    highest = max((value for value in means if value is not None), default=0) or 1
    blocks = pen.blocks
    return "".join(" " if v is None else blocks[round(max(0, v) / highest * 7)] for v in means)


def bar(share: float, pen: Pen, width: int) -> str:
    """As much of the width as the share is; at least one character for what is not nothing."""
    length = round(max(0.0, min(1.0, share)) * width)
    return pen.blocks[-1] * (length or (1 if share > 0 else 0))


def shade(share: float, pen: Pen) -> str:
    """One character, the darker the more."""
    return pen.shades[min(4, round(share * 4)) or (1 if share > 0 else 0)]


def draw_rows(rows: Sequence[Row], pen: Pen, heading: Sequence[str] = ()) -> list[str]:
    """The rows under each other, with the mark as long as there is room for it.

    `heading` names the column of names and those of the cells; numbers are aligned at their right.
    """
    table = [*_broken(heading, heading[1:]), *rows]
    if not _fit(widths := _widths(table), pen):
        narrow = [_longest_word(cell) for cell in heading[1:]]
        table = [*_broken(heading, narrow), *rows]
        if not _fit(widths := _widths(table), pen):
            widths = _widths(rows)  # headings are cut, and no number is
    taken = sum(widths) + len(GAP) * len(widths) + len(INDENT)
    names = min(max((len(row.name) for row in table), default=0), max(LEAST_NAME, pen.width - taken - 12))
    room = pen.width - taken - names - len(GAP)
    return [pen.line(_row(row, widths, names, room, pen)) for row in table]


def _broken(heading: Sequence[str], as_wide_as: Sequence[str]) -> list[Row]:
    """The heading, over as many lines as its columns need, of which the lowest is full."""
    if not heading:
        return []
    columns = [
        wrap(cell, max(1, len(widest)), break_long_words=False)
        for cell, widest in zip(heading[1:], as_wide_as, strict=True)
    ]
    height = max((1, *map(len, columns)))
    columns = [[""] * (height - len(column)) + column for column in columns]
    names = [""] * (height - 1) + [heading[0]]
    return [Row(name, [column[at] for column in columns]) for at, name in enumerate(names)]


def _longest_word(text: str) -> str:
    return max(text.split(), key=len, default="")


def _fit(widths: Sequence[int], pen: Pen) -> bool:
    return sum(widths) + len(GAP) * len(widths) + len(INDENT) + LEAST_NAME <= pen.width


def _widths(rows: Sequence[Row]) -> list[int]:
    """Of the columns of cells."""
    return [max(map(len, column)) for column in zip(*(row.cells for row in rows), strict=True)]


def _row(row: Row, widths: Sequence[int], names: int, room: int, pen: Pen) -> str:
    cells = [pen.cut(cell, width).rjust(width) for cell, width in zip(row.cells, widths, strict=True)]
    mark = ""
    if room >= LEAST_MARK and row.over_time is not None:
        mark = spark(row.over_time, pen, min(room, LONGEST_SPARK))
    elif room >= LEAST_MARK and row.length is not None:
        mark = bar(row.length, pen, min(room, LONGEST_BAR))
    return INDENT + GAP.join([pen.cut(row.name, names).ljust(names), *cells, mark])
