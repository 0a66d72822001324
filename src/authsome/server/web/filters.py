"""How values are written on a page: instants, days, counts, shares, spans of time, links out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from authsome.kit.clock import rfc3339

NOTHING = "–"

_TICKED = re.compile(r"`([^`]+)`")
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def instant(when: datetime | None) -> Markup | str:
    """`22 Nov 2026, 10:15 UTC` in a `<time>` that carries the exact value."""
    if when is None:
        return NOTHING
    return Markup('<time datetime="{}">{} UTC</time>').format(rfc3339(when), _minute(when))


def moment(when: datetime | None) -> Markup | str:
    """The same without the zone, for columns: the foot of the page says that times are in UTC."""
    return (
        NOTHING
        if when is None
        else Markup('<time datetime="{}">{}</time>').format(rfc3339(when), _minute(when))
    )


def day(when: date | None) -> Markup | str:
    """`22 Nov 2026`."""
    if when is None:
        return NOTHING
    return Markup('<time datetime="{}">{}</time>').format(when.isoformat(), plain_day(when))


def count(number: float | None) -> str:
    """`12,480`."""
    return NOTHING if number is None else f"{number:,.0f}"


def mean(number: float | None) -> str:
    """`12.4`: of numbers that are not whole, one digit says enough."""
    return NOTHING if number is None else f"{number:,.1f}"


def plain_day(when: date) -> str:
    """`22 Nov 2026`, for sentences."""
    return f"{when.day} {when:%b %Y}"


def percent(share: float | None) -> str:
    """A share between 0 and 1 as `97.4%`. Only a true 1 is written as 100%."""
    if share is None:
        return NOTHING
    if share >= 1:
        return "100%"
    return f"{min(share * 100, 99.9):.1f}%"


def span(length: timedelta | None) -> str:
    """`3 minutes`, in the largest unit that fits, rounded down: a lag is never shown as longer than it is."""
    if length is None:
        return NOTHING
    seconds = max(0, int(length.total_seconds()))
    for name, size in _UNITS:
        if seconds >= size or size == 1:
            number = seconds // size
            return f"{number} {name}" if number == 1 else f"{number} {name}s"
    raise AssertionError("a second fits every span")


def web_url(address: str) -> str:
    """`address` when it is http or https, else nothing.

    A provider's file may name a documentation page; `javascript:` there would be a script on our origin.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in ("http", "https") and parts.hostname else ""


def local_path(address: str | None) -> str:
    """`address` when it stays on this server, else the overview: a way back may come from a request."""
    if address and address.startswith("/") and not address.startswith(("//", "/\\")):
        return address
    return "/"


def _minute(when: datetime) -> str:
    utc = when.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M}"


def iso_day(text: str) -> str:
    """The text if it is a day as a field for days has it, else nothing: a browser complains of others."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def first_upper(text: str) -> str:
    """With a capital letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def with_code(text: str) -> Markup:
    """What stands in back-ticks, as messages write commands for a terminal, is set as code."""
    parts = enumerate(_TICKED.split(text))
    return Markup().join(
        Markup("<code>{}</code>").format(one) if at % 2 else escape(one) for at, one in parts
    )


FILTERS = {
    "with_code": with_code,
    "first_upper": first_upper,
    "iso_day": iso_day,
    "instant": instant,
    "moment": moment,
    "day": day,
    "count": count,
    "percent": percent,
    "span": span,
    "web_url": web_url,
    "local_path": local_path,
}
