"""Numbers as people say them."""

from __future__ import annotations

PERCENT = "percent"
NOTHING = "n/a"  # there was nothing to have it of


def number(value: float | None, unit: str = "") -> str:
    """With commas; a share as percent; a mean with one digit behind the point."""
    if value is None:
        return NOTHING
    if unit == PERCENT:
        return percent(value)
    return f"{value:,.1f}" if value != int(value) else f"{int(value):,}"


def percent(share: float | None) -> str:
    """A share in whole percent, but never all or nothing where it is not quite."""
    if share is None:
        return NOTHING
    if 0.995 <= share < 1:
        return f"{int(share * 1000) / 10:.1f}%"
    return f"{share:.1%}" if 0 < share < 0.005 else f"{share:.0%}"


def change(value: float | None, before: float | None, unit: str = "") -> str:
    """Against the time before: `12 more`, `3 fewer`, `as before`; shares differ by points."""
    if value is None or (before is None and unit != PERCENT):
        return ""
    if before is None:
        return "none before"
    if unit == PERCENT:
        points = round((value - before) * 100, 1)
        return _said(points, "points up", "points down")
    return _said(round(value - before, 1), "more", "fewer")


def unit_of(unit: str, value: float | None) -> str:
    """What a headline counts, to stand behind the number. A percent sign says it already."""
    if unit == PERCENT:
        return ""
    one = f"{unit[:-3]}y" if unit.endswith("ies") else unit.removesuffix("s")
    return f" {one if value == 1 else unit}"


def duration(seconds: float | None) -> str:
    """In the largest unit of which there are at least two."""
    if seconds is None:
        return NOTHING
    for name, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.1f} {name}"
    return f"{seconds:.0f} seconds"


def _said(difference: float, up: str, down: str) -> str:
    if difference == 0:
        return "as before"
    return f"{number(abs(difference))} {up if difference > 0 else down}"
