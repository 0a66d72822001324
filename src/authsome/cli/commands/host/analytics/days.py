"""Times as people type them: 30d, 12w, 6m, or a day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
MOST_DAYS = 730
SPAN = re.compile(r"([1-9][0-9]{0,3})([dwm])?")
FORMS = "30d, 12w, 6m, or a day such as 2026-01-31"


def since_option(default: str, text: str) -> Decorator:
    """`--since`, as it was typed: what it means depends on the last day."""
    return click.option(
        "--since", default=default, show_default=bool(default), callback=_check_since, help=text
    )


def until_option(text: str) -> Decorator:
    """`--until`, a day or None."""
    return click.option("--until", callback=_read_until, metavar="DATE", help=text)


def first_of(since: str, last: date) -> date:
    """The first day of those that `since` means, when `last` is the last one: both count."""
    found = SPAN.fullmatch(since)
    if not found:
        return date.fromisoformat(since)
    count = int(found[1])
    if found[2] == "m":
        return _months_before(last, count) + timedelta(days=1)
    return last - timedelta(days=count * (7 if found[2] == "w" else 1) - 1)


def _months_before(day: date, count: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def _check_since(_ctx: click.Context, _parameter: click.Parameter, text: str) -> str:
    if text and not SPAN.fullmatch(text):
        _day(text)
    return text


def _read_until(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> date | None:
    return _day(text, "a day, such as 2026-01-31") if text is not None else None


def _day(text: str, forms: str = FORMS) -> date:
    found = re.fullmatch(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}", text)
    try:
        return date.fromisoformat(found[0] if found else "")
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time; give {forms}.") from None
