"""Erasures, who is erased, and what is emptied beside the rows that nouns write.

What is emptied here is no change that an event could name: words and digests in rows that ended long ago,
of which there may be thousands. It goes past the change log on purpose, and nothing else does.
"""

from __future__ import annotations

import builtins
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, Row, func, select, update

from authsome.erasure.model import Destroyed, ErasedBy, ErasedSubject, Erasure, SubjectKind
from authsome.identity.model import spent
from authsome.store.forget import forget_some, note
from authsome.store.rows.rows import ChangeLog, Rows
from authsome.store.tables import registry

FACTS_AT_ONCE = 2_000  # with the erasure itself: a few dozen milliseconds
IDS_AT_ONCE = 500


class ErasedSubjects(Rows[ErasedSubject]):
    """The table `erased_subject`."""

    table, model = registry.erased_subject, ErasedSubject
    enums: ClassVar = {"kind": SubjectKind}


class Erasures(Rows[Erasure]):
    """The table `erasure`, and all that an erasure empties."""

    table, model = registry.erasure, Erasure
    enums: ClassVar = {"kind": SubjectKind, "by": ErasedBy}

    def __init__(self, connection: Connection, changes: ChangeLog | None) -> None:
        super().__init__(connection, changes)
        self._subjects = ErasedSubjects(connection, changes)

    def from_row(self, row: Row[Any]) -> Erasure:
        values = dict(row._mapping)
        return Erasure(
            **values
            | {
                "kind": SubjectKind(values["kind"]),
                "by": ErasedBy(values["by"]),
                "destroyed": Destroyed(**values["destroyed"]),
            }
        )

    def to_row(self, item: Erasure) -> dict[str, Any]:
        return super().to_row(item) | {"destroyed": asdict(item.destroyed)}

    def add(self, item: Erasure, subjects: Sequence[ErasedSubject] = ()) -> None:
        super().add(item)
        for subject in subjects:
            self._subjects.add(subject)

    def list(self, *, before: str = "", limit: int = 100) -> builtins.list[Erasure]:
        """The latest first."""
        ids = self.table.c.id
        query = select(self.table).order_by(ids.desc()).limit(limit)
        return self.all(query.where(ids < before) if before else query)

    def subjects_of(self, erasure_id: str) -> builtins.list[ErasedSubject]:
        c = self._subjects.table.c
        return self._subjects.all(select(self._subjects.table).where(c.erasure_id == erasure_id))

    def count(self) -> int:
        """How many there were: whoever reads the log in pages sees by it that one came in between."""
        return int(self._connection.execute(select(func.count()).select_from(self.table)).scalar_one())

    def among(self, ids: Collection[str]) -> set[str]:
        c, listed = registry.erased_subject.c, sorted(ids)
        found: set[str] = set()
        for start in range(0, len(listed), IDS_AT_ONCE):
            query = select(c.id).where(c.id.in_(listed[start : start + IDS_AT_ONCE]))
            found |= set(self._connection.execute(query).scalars())
        return found

    def overwrite(self) -> None:
        """SQLite leaves deleted bytes in the file until something takes their place, unless told."""
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql("PRAGMA secure_delete=ON")

    def blank_principal(self, principal_id: str, at: datetime) -> None:
        """Names that they gave, keys of terminals, open links, and the key without which nothing unseals."""
        session, auth_session = registry.browser_session, registry.auth_session
        asked = registry.access_request
        connection, vault, link = registry.connection, registry.vault, registry.invitation
        for statement in (
            update(session).where(session.c.principal_id == principal_id).values(did=None, token_hash=None),
            update(auth_session)
            .where(auth_session.c.principal_id == principal_id)
            .values(connection_name=""),
            update(asked).where(asked.c.principal_id == principal_id).values(connection_name=None, note=None),
            update(connection)
            .where(connection.c.principal_id == principal_id)
            .values(name="", holder=None, check_due=False),
            update(vault).where(vault.c.principal_id == principal_id).values(wrapped_key=b""),
            update(link)
            .where(link.c.principal_id == principal_id, link.c.used_at.is_(None))
            .values(used_at=at),
        ):
            self._connection.execute(statement)

    def blank_identity(self, identity_id: str) -> None:
        """From where its claims were asked for, what it wrote to its principals, and its former keys."""
        claim, key, asked = registry.claim, registry.retired_key, registry.access_request
        self._connection.execute(
            update(asked).where(asked.c.identity_id == identity_id).values(connection_name=None, note=None)
        )
        self._connection.execute(
            update(claim).where(claim.c.identity_id == identity_id).values(address_key="")
        )
        before = self._connection.execute(select(key.c.id, key.c.did).where(key.c.identity_id == identity_id))
        for row in before.all():
            self._connection.execute(update(key).where(key.c.id == row.id).values(did=spent(row.did)))

    def forget_facts(self, subjects: Sequence[str], *, owner: str | None = None) -> int:
        note(self._connection, subjects)
        if owner is not None:
            note(self._connection, self._theirs_once(owner, subjects), owner)
        erased, _more = forget_some(self._connection, FACTS_AT_ONCE)
        return erased

    def _theirs_once(self, owner: str, but: Sequence[str]) -> builtins.list[str]:
        """Handles of identities that a principal claimed at some time and that are not erased with them."""
        claim, identity = registry.claim.c, registry.identity.c
        query = (
            select(identity.handle)
            .distinct()
            .join_from(registry.claim, registry.identity, identity.id == claim.identity_id)
            .where(claim.decided_by == owner)
        )
        return [handle for handle in self._connection.execute(query).scalars() if handle not in but]
