"""The first times of agents side by side, against the milestones that they are made from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from authsome.analytics.metrics.firsts import FIRSTS
from authsome.analytics.projections.firsts import from_milestones
from authsome.analytics.reconcile.difference import Difference, Kind, Layer, Section
from authsome.kit.clock import rfc3339
from authsome.store.books.books import Books
from authsome.store.tables.rollup import firsts
from authsome.store.transactions import Store

Times = tuple[datetime | None, ...]
NEVER: Times = (None,) * len(FIRSTS)


async def compare_firsts(store: Store, section: Section, *, zone: ZoneInfo) -> None:
    """Every first time of every agent. The two are read in one transaction."""
    shown, right = await store.keep(_differing)
    for who in sorted({*shown, *right}):
        pairs = zip(FIRSTS.values(), shown.get(who, NEVER), right.get(who, NEVER), strict=True)
        for sign, there, first_at in pairs:
            if there != first_at:
                moment = first_at or there
                section.add(
                    Difference(
                        layer=Layer.ROLLUPS,
                        kind=Kind.STALE,
                        event=sign.event.name,
                        day=moment.astimezone(zone).date() if moment else date.min,
                        about=who,
                        detail=f"first at {_said(there)} and not {_said(first_at)}",
                    )
                )


def _differing(books: Books) -> tuple[dict[str, Times], dict[str, Times]]:
    """The rows that only one of both has: those kept, and those that the milestones come to."""
    kept, right = select(firsts.c.id, *(firsts.c[column] for column in FIRSTS)), from_milestones()

    def only(one: Select[*tuple[Any, ...]], other: Select[*tuple[Any, ...]]) -> dict[str, Times]:
        return {row[0]: tuple(row[1:]) for row in books.connection.execute(one.except_(other))}

    return only(kept, right), only(right, kept)


def _said(moment: datetime | None) -> str:
    return rfc3339(moment) if moment else "no time"
