"""A day in a query is written as a day, and nothing else is taken for one."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from authsome.server.routes.analytics.dashboards import Day

DAY = TypeAdapter[date](Day)


def test_a_day_is_read() -> None:
    assert DAY.validate_python("2026-11-28") == date(2026, 11, 28)


@pytest.mark.parametrize(
    "text",
    ["4.5e-137", "0", "1795000000", "2026-11-31", "2026-11-28T00:00:00", "28.11.2026", "", " 2026-11-28"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(text)
