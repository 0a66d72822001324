"""What a trace is, and the questions about the past that restoring a fact asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, select

from authsome.kit.caller import ActorKind, Caller, server_caller
from authsome.kit.event import SUBJECT_FIELD, Event
from authsome.store.tables.registry import claim, connection, identity, retired_key
from authsome.store.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A fact as it was or must have been recorded: what, when, and who acted."""

    event: Event
    at: datetime
    by: Caller


ONE_COMMIT = timedelta(milliseconds=1)  # a thousand facts of one unit of work, a microsecond apart


class Past:
    """What held at an earlier time, as far as the registry still says."""

    def __init__(self, view: View, installation_id: str) -> None:
        self.view = view
        self.server = server_caller(installation_id)

    def agent(self, identity_id: str | None, at: datetime) -> dict[str, Any] | None:
        """The fields `identity_handle` and `did` of an identity, with the key that it had then."""
        found = self._one(select(identity).where(identity.c.id == identity_id))
        return {"identity_handle": found.handle, "did": self.did(found, at)} if found else None

    def did(self, row: Row[Any], at: datetime) -> str:
        """The key that an identity had once all of this instant had happened."""
        later = (retired_key.c.identity_id == row.id) & (retired_key.c.created_at > at)
        replaced = self._one(select(retired_key).where(later).order_by(retired_key.c.created_at).limit(1))
        return str(replaced.did if replaced else row.did)

    def holder(self, identity_id: str, at: datetime) -> str | None:
        """The principal whose accepted claim on the identity held then."""
        t = claim.c
        query = select(claim).where(t.identity_id == identity_id, t.state.in_(("accepted", "released")))
        query = query.where(t.ended_at <= at, (t.released_at.is_(None)) | (t.released_at > at))
        found = self._one(query.order_by(t.ended_at.desc()).limit(1))
        return found.decided_by if found else None

    def is_let_go(self, identity_id: str, at: datetime) -> bool:
        """Whether the identity was released or revoked in the commit of this instant."""
        upto = at + ONE_COMMIT
        freed = claim.c.released_at.between(at, upto) & (claim.c.identity_id == identity_id)
        ended = identity.c.ended_at.between(at, upto) & (identity.c.id == identity_id)
        return bool(
            self._one(select(claim.c.id).where(freed)) or self._one(select(identity.c.id).where(ended))
        )

    def connection(self, connection_id: str) -> Row[Any] | None:
        return self._one(select(connection).where(connection.c.id == connection_id))

    def is_forgotten(self, event: Event) -> bool:
        """Whether the event names somebody erased, of whom the rows do not say what they said."""
        named = {getattr(event, field, None) for field in SUBJECT_FIELD.values()}
        return bool(self.view.erasures.among({one for one in named if one}))

    def by_agent(self, agent: dict[str, Any]) -> Caller:
        """The identity, as the one who acted."""
        return Caller(kind=ActorKind.IDENTITY, id=agent["identity_handle"], did=agent["did"])

    def by_principal(self, principal_id: str | None) -> Caller:
        """The principal, as the one who acted; the server where there was none."""
        if principal_id is None:
            return self.server
        return Caller(kind=ActorKind.PRINCIPAL, id=principal_id, principal_id=principal_id)

    def _one(self, query: Select[Any]) -> Row[Any] | None:
        return self.view.connection.execute(query).first()


Restore = Callable[[Past, Row[Any]], Restored | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One keyed event: the rows that it made or ended, and the column that keeps when.

    `restore` makes the fact of such a row, or returns None where the row no longer says all of it.
    """

    event: type[Event]
    table: Table
    at: str
    where: ColumnElement[bool] | None = None
    restore: Restore

    def rows(self) -> Select[Any]:
        """The rows of which the log must hold this event."""
        query = select(self.table).where(self.table.c[self.at].is_not(None))
        return query if self.where is None else query.where(self.where)

    def instant(self, row: Row[Any]) -> datetime:
        """When the fact of this row happened."""
        moment: datetime = row._mapping[self.at]
        return moment

    @property
    def key(self) -> str:
        """The event's field that holds the row's id."""
        assert self.event.keyed_by is not None
        return self.event.keyed_by
