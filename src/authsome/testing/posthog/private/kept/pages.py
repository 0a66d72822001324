"""A list, a hundred at a time: `limit`, `offset`, and the address of the next page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from authsome.testing.posthog.private.endpoint import Answered, Ask, Json

PAGE = 100


def page(ask: Ask, rows: Sequence[Json]) -> Answered:
    """The part of the rows that was asked for."""
    limit, offset = _number(ask, "limit") or PAGE, _number(ask, "offset") or 0
    limit = min(limit, PAGE)
    further = offset + limit < len(rows)
    query = urlencode({**ask.query, "limit": limit, "offset": offset + limit})
    return Answered(
        document={
            "count": len(rows),
            "next": f"{ask.origin}{ask.path}?{query}" if further else None,
            "previous": None,
            "results": list(rows[offset : offset + limit]),
        }
    )


def _number(ask: Ask, name: str) -> int | None:
    value = ask.query.get(name, "")
    return int(value) if value.isdecimal() else None
