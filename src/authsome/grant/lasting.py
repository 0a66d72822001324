"""How long a grant lasts, as people and agents write it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from authsome.grant.errors import GrantLengthInvalid

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=3_650)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_READ = _UNITS | {"w": timedelta(weeks=1)}  # never written: a week is 7 days
_FORM = re.compile(r"([0-9]{1,7})([mhdw])")


def read_length(text: str) -> timedelta:
    """`90m`, `12h`, `7d` or `4w`. Raises `GrantLengthInvalid`."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise GrantLengthInvalid
    length = int(found[1]) * _READ[found[2]]
    if not SHORTEST <= length <= LONGEST:
        raise GrantLengthInvalid
    return length


def spell_length(length: timedelta) -> str:
    """The same the other way, in the largest unit that says it exactly."""
    unit = next((unit for unit, size in _UNITS.items() if not length % size), "m")
    return f"{length // _UNITS[unit]}{unit}"


def end_of(now: datetime, length: timedelta | None) -> datetime | None:
    """When a grant that lasts so long from now on is over; None where it lasts until it is taken away."""
    return None if length is None else now + length


def seconds_of(length: timedelta | None) -> int | None:
    """The same as events say it."""
    return None if length is None else int(length.total_seconds())
