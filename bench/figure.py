"""One measured number beside its baseline and its aim, and the table of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any


@dataclass(frozen=True, slots=True)
class Scale:
    """How long to measure. `seconds` is for one point of load, `rounds` for one interleaved comparison."""

    seconds: float
    rounds: int
    repeats: int

    @classmethod
    def full(cls) -> Scale:
        return cls(seconds=3.0, rounds=9, repeats=400)

    @classmethod
    def quick(cls) -> Scale:
        return cls(seconds=0.7, rounds=3, repeats=80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`value` in `unit`; `baseline` is in the same unit and of the same run, `against` says of what.

    `aim` is a text with the number that is hoped for, `note` what one must know to read the value. `paired`
    is the median of the ratios of an interleaved comparison's rounds: better than the ratio of two medians,
    since the machine's mood changes between rounds.
    """

    what: str
    value: float
    unit: str
    baseline: float | None = None
    against: str = ""
    aim: str = ""
    note: str = ""
    paired: float | None = None

    @property
    def ratio(self) -> float | None:
        """Value over baseline."""
        if self.paired is not None:
            return self.paired
        return self.value / self.baseline if self.baseline else None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}


COLUMNS = ("what", "value", "baseline", "ratio", "aim", "against, note")


def table(name: str, figures: Sequence[Figure]) -> str:
    """The figures of one benchmark, aligned for a terminal."""
    rows = [COLUMNS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = [
        "  ".join(
            cell.rjust(width) if 0 < column < 4 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([name, *(f"  {line}" for line in lines)])


def _row(figure: Figure) -> tuple[str, ...]:
    ratio = figure.ratio
    return (
        figure.what,
        f"{number(figure.value)} {figure.unit}",
        f"{number(figure.baseline)} {figure.unit}" if figure.baseline is not None else "-",
        f"{number(ratio)}x" if ratio is not None else "-",
        figure.aim or "-",
        "; ".join(part for part in (figure.against, figure.note) if part),
    )


def number(value: float) -> str:
    """Three significant digits, and whole numbers from a hundred on."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:.{max(0, min(digits, 4))}f}"


def middle_half(values: Sequence[float]) -> str:
    """The quartiles, as a measure of the noise that does not grow with one bad round."""
    if len(values) < 3:
        return f"{number(min(values))} to {number(max(values))}"
    low, _, high = quantiles(values, n=4, method="inclusive")
    return f"{number(low)} to {number(high)}"
