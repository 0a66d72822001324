"""How long a grant lasts, as a list to choose from."""

from __future__ import annotations

from datetime import timedelta

from authsome.grant.errors import GrantLengthInvalid
from authsome.grant.lasting import read_length, spell_length
from authsome.server.forms import Fields
from authsome.server.web.pages import Option

FIELD = "lasting"
FOR_EVER = "until you take it away"
USUAL = ("1h", "1d", "7d", "30d", "90d")
_NAMES = {"d": "day", "h": "hour", "m": "minute"}


def lengths(*, chosen: str = "") -> tuple[Option, ...]:
    """The usual ones, and the chosen one, where it is another."""
    offered = sorted({*USUAL, *([chosen] if chosen else [])}, key=read_length)
    return (
        Option(value="", name=FOR_EVER),
        *(Option(value=one, name=words(read_length(one))) for one in offered),
    )


def words(length: timedelta | None) -> str:
    """`for 7 days`."""
    if length is None:
        return FOR_EVER
    text = spell_length(length)
    number, unit = int(text[:-1]), _NAMES[text[-1]]
    return f"for {number} {unit}" if number == 1 else f"for {number} {unit}s"


def from_address(text: str) -> str:
    """The length that a link proposes; nothing where it is none."""
    try:
        return spell_length(read_length(text))
    except GrantLengthInvalid:
        return ""


def sent(fields: Fields) -> timedelta | None:
    """What was chosen. Raises `GrantLengthInvalid`."""
    text = fields.text(FIELD)
    return read_length(text) if text else None
