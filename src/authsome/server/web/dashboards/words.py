"""Numbers in words: what it is of, since when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable

from authsome.analytics.answers import HeadlineAnswer
from authsome.server.web.filters import NOTHING, count, mean, percent
from authsome.server.web.pages.tiles import Direction, Headline

PERCENT = "percent"
STEM = 5  # letters by which `refusals, refused` is known to say one thing twice
SINGULAR = {"identities": "identity", "connections": "connection", "refusals": "refusal", "facts": "fact"}


def amount(value: float | None, unit: str) -> str:
    """`1,204 connections`, `1 connection`, `84.1%`."""
    if unit == PERCENT:
        return percent(value)
    return f"{number(value)} {named(value, unit)}"


def number(value: float | None) -> str:
    """Whole where it is, else with one digit after the point."""
    return count(value) if value is None or value == int(value) else mean(value)


def named(value: float | None, unit: str) -> str:
    """The unit, for one or for many."""
    return SINGULAR.get(unit, unit.removesuffix("s")) if value == 1 else unit


def headline(found: HeadlineAnswer, than: str) -> Headline:
    """The number of a tile beside the one it is compared with; without words for that, there is none."""
    is_share = found.unit == PERCENT
    text, direction = change(found, than) if than else ("right now, without a history", Direction.UNKNOWN)
    label = lowered(found.label)
    return Headline(
        value=percent(found.value) if is_share else number(found.value),
        unit="" if is_share else named(found.value, found.unit),
        label="" if label[:STEM] == found.unit[:STEM] else label,
        change=text,
        direction=direction,
    )


def change(found: HeadlineAnswer, than: str) -> tuple[str, Direction]:
    """`12 more (+25%) than in the 30 days before`."""
    value, before = found.value, found.before
    if value is None:
        return "nothing to count", Direction.UNKNOWN
    if before is None:
        return f"nothing to compare with {than}", Direction.UNKNOWN
    if found.unit == PERCENT:
        return _points(value - before, than)
    more = round(value - before, 1)
    if not more:
        return f"the same as {than}", Direction.SAME
    share = f" ({more / before:+.0%})" if before else ""
    word = "more" if more > 0 else "fewer"
    return f"{number(abs(more))} {word}{share} than {than}", Direction.UP if more > 0 else Direction.DOWN


def _points(more: float, than: str) -> tuple[str, Direction]:
    points = round(more * 100, 1)
    if not points:
        return f"the same as {than}", Direction.SAME
    word = "more" if points > 0 else "less"
    one = "point" if abs(points) == 1 else "points"
    text = f"{abs(points):,.1f} percentage {one} {word} than {than}"
    return text, Direction.UP if points > 0 else Direction.DOWN


def listed(parts: Iterable[str]) -> str:
    """`a, b and c`."""
    found = list(parts)
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found)


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return text[:1].upper() + text[1:].rstrip(".") + "." if text else text


def lowered(title: str) -> str:
    """A title inside a sentence. What is written in capitals stays."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def lasted(seconds: float | None) -> str:
    """How long something took, in the largest unit that says it with one digit after the point."""
    if seconds is None:
        return NOTHING
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            found = f"{seconds / size:.1f}".removesuffix(".0")
            return f"{found} {name}" if found == "1" else f"{found} {name}s"
    return f"{seconds:.0f} second" if round(seconds) == 1 else f"{seconds:.0f} seconds"
