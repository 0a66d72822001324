"""Append facts and read them back in order.

A row's `fields` are the values that may leave; `Local` values lie beside the log in `event_local` and
the log holds only their salted digests, so erasing a value and its salt leaves the chain intact.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from authsome.erasure.events import IdentityErased, PrincipalErased
from authsome.kit.caller import ActorKind, Caller
from authsome.kit.event import SUBJECT_FIELD, Event, Privacy, Subject
from authsome.kit.ids import Entropy, Ids
from authsome.store.sequencer import Head, place
from authsome.store.spelled import insert_into
from authsome.store.tables.columns import canonical
from authsome.store.tables.log import event_local, event_log, log_head

SALT_BYTES = 16
# The facts that end all counting of somebody, and the field that says of whom.
ERASURES = {PrincipalErased.name: "principal_id", IdentityErased.name: "identity_handle"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """One row of the log, without its `Local` values."""

    position: int | None
    id: str
    uuid: str
    name: str
    version: int
    occurred_at: datetime
    subject_kind: str
    subject_id: str
    actor_kind: str
    actor_id: str
    fields: dict[str, Any]
    digests: dict[str, str]

    @property
    def people(self) -> frozenset[str]:
        """Everybody that it is about or names, by the ids under which they are counted.

        Once one of them is erased the fact is neither counted nor sent, wherever that is decided. That
        somebody was erased is said of nobody any more.
        """
        if self.name in ERASURES:
            return frozenset()
        named = {self.fields.get(field) for field in SUBJECT_FIELD.values()}
        if self.subject_kind != ActorKind.SERVER:
            named.add(self.subject_id)
        return frozenset(str(one) for one in named if one)

    @property
    def erases(self) -> str | None:
        """Whom the fact says to be erased, if it does."""
        field = ERASURES.get(self.name)
        return self.fields.get(field) if field else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which facts are asked for: of these names, from `since` on and before `until`. None narrows nothing."""

    names: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A recorded event on its way into the log. `by` acted, where that is not the caller of the write."""

    event: Event
    occurred_at: datetime
    by: Caller | None = None


class Appender:
    """Turns drafts into rows. One for the life of the store."""

    def __init__(self, installation_id: str, ids: Ids, entropy: Entropy) -> None:
        self.installation_id = installation_id
        self._namespace = uuid.uuid5(uuid.NAMESPACE_URL, f"authsome:{installation_id}")
        self._ids = ids
        self._entropy = entropy
        self._head: Head | None = None

    def append(
        self, connection: Connection, caller: Caller, drafts: Sequence[Draft], *, position: bool
    ) -> None:
        """Insert what one caller did, in order; see `append_all`."""
        self.append_all(connection, [(caller, drafts)], position=position)

    def append_all(
        self, connection: Connection, parts: Sequence[tuple[Caller, Sequence[Draft]]], *, position: bool
    ) -> None:
        """Insert the drafts of each caller in order.

        `position` them at once where one writer at a time is the database's own rule (SQLite); elsewhere
        the sequencer does it when they are visible.
        """
        rows, local = [], []
        for caller, drafts in parts:
            for draft in drafts:
                row, values = self._row(draft, draft.by or caller)
                rows.append(row)
                local.extend(values)
        if rows:
            if position:
                self._head = place(connection, rows, known=self._head)
            _INSERT.run(connection, rows)
        if local:
            _INSERT_LOCAL.run(connection, local)

    def uuid_of(self, name: str, key: str) -> str:
        """The uuid under which a fact is known everywhere: the same for the same row, for ever."""
        return str(uuid.uuid5(self._namespace, f"{name}:{key}"))

    def _row(self, draft: Draft, caller: Caller) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        event, event_id = draft.event, self._ids.new("evt")
        subject_kind, subject_id = self._subject(event, caller)
        local, digests = [], {}
        for field, value in event.values(Privacy.LOCAL).items():
            salt = self._entropy.bytes(SALT_BYTES)
            digests[field] = digest(field, value, salt)
            local.append({"event_id": event_id, "field": field, "value": value, "salt": salt})
        key = str(getattr(event, event.keyed_by)) if event.keyed_by else event_id
        row = {
            "position": None,
            "id": event_id,
            "uuid": self.uuid_of(event.name, key),
            "name": event.name,
            "version": event.version,
            "occurred_at": draft.occurred_at,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "actor_kind": caller.kind.value,
            "actor_id": caller.id,
            "fields": event.values(Privacy.PUBLIC, Privacy.PSEUDONYM),
            "digests": digests,
            "chain": None,
        }
        return row, local

    def _subject(self, event: Event, caller: Caller) -> tuple[str, str]:
        if event.subject is Subject.SERVER:
            return "server", self.installation_id
        if event.subject is Subject.ACTOR:
            return caller.kind.value, caller.id
        return event.subject.value, str(getattr(event, SUBJECT_FIELD[event.subject]))


# Built once: putting a statement together costs more than running it.
_INSERT, _INSERT_LOCAL = (
    insert_into(event_log, [column.name for column in event_log.c if column.name != "seq"]),
    insert_into(event_local),
)


def digest(field: str, value: object, salt: bytes) -> str:
    """The salted digest of a `Local` value: without value and salt it says nothing."""
    return hashlib.sha256(salt + canonical([field, value]).encode()).hexdigest()


class EventLog:
    """Reads the log. Only rows with a position exist for readers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def head(self) -> int:
        """The last position that was given, 0 for an empty log."""
        return int(self._connection.execute(select(log_head.c.position)).scalar() or 0)

    def after(self, position: int, limit: int) -> list[LoggedEvent]:
        """Up to `limit` facts behind `position`, in order."""
        query = (
            select(event_log)
            .where(event_log.c.position > position)
            .order_by(event_log.c.position)
            .limit(limit)
        )
        return [logged(row) for row in self._connection.execute(query)]

    def first(self) -> int:
        """The first position that is still there, 0 for an empty log: retention deletes from the front."""
        return int(self._connection.execute(select(func.min(event_log.c.position))).scalar() or 0)

    def matching(self, wanted: Wanted, *, after: int, upto: int, limit: int) -> list[LoggedEvent]:
        """Up to `limit` of the wanted facts behind `after` and not behind `upto`, in order."""
        t = event_log.c
        query = select(event_log).where(t.position > after, t.position <= upto)
        if wanted.names is not None:
            query = query.where(t.name.in_(sorted(wanted.names)))
        if wanted.since is not None:
            query = query.where(t.occurred_at >= wanted.since)
        if wanted.until is not None:
            query = query.where(t.occurred_at < wanted.until)
        return [logged(row) for row in self._connection.execute(query.order_by(t.position).limit(limit))]

    def erasures_after(self, position: int, limit: int) -> list[LoggedEvent]:
        """Up to `limit` facts behind `position` that say that somebody was erased, in order."""
        t = event_log.c
        query = select(event_log).where(t.position > position, t.name.in_(ERASURES))
        return [logged(row) for row in self._connection.execute(query.order_by(t.position).limit(limit))]

    def last_before(self, moment: datetime) -> int:
        """The last position of a fact that happened before the moment, 0 if none did."""
        query = select(func.max(event_log.c.position)).where(event_log.c.occurred_at < moment)
        return int(self._connection.execute(query).scalar() or 0)

    def find(self, event_id: str) -> LoggedEvent | None:
        row = self._connection.execute(select(event_log).where(event_log.c.id == event_id)).first()
        return logged(row) if row else None

    def known_uuids(self, values: Sequence[str]) -> set[str]:
        """Those of the uuids that the log has."""
        query = select(event_log.c.uuid).where(event_log.c.uuid.in_(values))
        return set(self._connection.execute(query).scalars())

    def local(self, event_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """`Local` values by event id, as far as they have not been erased."""
        out: dict[str, dict[str, Any]] = {}
        query = select(event_local).where(event_local.c.event_id.in_(event_ids))
        for row in self._connection.execute(query):
            out.setdefault(row.event_id, {})[row.field] = row.value
        return out


def logged(row: Row[Any]) -> LoggedEvent:
    """A row of the log, as its readers know it."""
    values = dict(row._mapping)
    del values["seq"], values["chain"]
    return LoggedEvent(**values)
