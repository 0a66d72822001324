"""When each agent did each of some things first, in one row: an index over the milestones.

How far ten thousand agents got is a look at as many rows next to each other, and not forty thousand searches.
Like `active` it holds nothing of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, delete, func, or_, select
from sqlalchemy import insert as plain_insert

from authsome.analytics.metric import Sign
from authsome.analytics.metrics.firsts import FIRSTS, WHO
from authsome.analytics.projections.fold import MilestoneKey
from authsome.store.books.upsert import insert
from authsome.store.tables.rollup import firsts, milestone

_EVENTS = [sign.event.name for sign in FIRSTS.values()]


def add(connection: Connection, milestones: Mapping[MilestoneKey, datetime]) -> None:
    """Let first times count, as far as they are earlier than those known."""
    for column, sign in FIRSTS.items():
        found: dict[str, datetime] = {}
        for key, at in milestones.items():
            who = getattr(key, WHO)
            if who and key.event == sign.event.name and sign.outcome in (None, key.outcome):
                found[who] = min(at, found.get(who, at))
        if found:
            rows = [{"id": who, column: at} for who, at in sorted(found.items())]
            connection.execute(_earlier(connection, column), rows)


def standing_on(connection: Connection, condition: ColumnElement[bool]) -> set[str]:
    """The agents whose first times rest on the milestones under this condition."""
    query = select(milestone.c[WHO]).where(condition, milestone.c.event.in_(_EVENTS), milestone.c[WHO] != "")
    return set(connection.execute(query.distinct()).scalars())


def look_again(connection: Connection, agents: Collection[str]) -> None:
    """Write the rows of these agents from the milestones that are left."""
    for who in sorted(agents):
        connection.execute(delete(firsts).where(firsts.c.id == who))
        again = from_milestones().where(milestone.c[WHO] == who)
        connection.execute(plain_insert(firsts).from_select(["id", *FIRSTS], again))


def from_milestones() -> Select[*tuple[Any, ...]]:
    """The rows of the index, as the milestones have them."""
    who = milestone.c[WHO]
    columns = [
        func.min(case((_is(sign), milestone.c.first_at))).label(column) for column, sign in FIRSTS.items()
    ]
    return select(who, *columns).where(who != "", or_(*map(_is, FIRSTS.values()))).group_by(who)


def _is(sign: Sign) -> ColumnElement[bool]:
    of_event = milestone.c.event == sign.event.name
    return of_event & (milestone.c.outcome == sign.outcome) if sign.outcome else of_event


def _earlier(connection: Connection, column: str) -> Any:
    statement = insert(connection, firsts)
    known, new = firsts.c[column], statement.excluded[column]
    return statement.on_conflict_do_update(
        index_elements=["id"], set_={column: new}, where=or_(known.is_(None), new < known)
    )
