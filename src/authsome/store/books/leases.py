"""Leases: who does a thing that only one may do, until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select

from authsome.store.books.upsert import insert
from authsome.store.tables.ledger import lease


class Leases:
    """The table `lease`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def take(self, name: str, holder: str, *, lasts: timedelta) -> bool:
        """Take or renew a lease; False while somebody else holds it."""
        until = self._now + lasts
        statement = (
            insert(self._connection, lease)
            .values(name=name, holder=holder, expires_at=until)
            .on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": holder, "expires_at": until},
                where=or_(lease.c.holder == holder, lease.c.expires_at <= self._now),
            )
            .returning(lease.c.name)
        )
        return self._connection.execute(statement).first() is not None

    def renew(self, name: str, holder: str, *, lasts: timedelta) -> bool:
        """Renew a lease that has not run out; False once it has, for good."""
        live = (lease.c.name == name) & (lease.c.holder == holder) & (lease.c.expires_at > self._now)
        statement = lease.update().where(live).values(expires_at=self._now + lasts)
        return self._connection.execute(statement).rowcount == 1

    def release(self, name: str, holder: str) -> None:
        self._connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))

    def is_live(self, name: str) -> bool:
        query = select(lease.c.name).where(lease.c.name == name, lease.c.expires_at > self._now)
        return self._connection.execute(query).first() is not None

    def list_lapsed(self, prefix: str, limit: int) -> list[str]:
        """Names with this prefix whose time has run out."""
        query = select(lease.c.name).where(
            lease.c.name.startswith(prefix, autoescape=True), lease.c.expires_at <= self._now
        )
        return list(self._connection.execute(query.limit(limit)).scalars())

    def drop(self, name: str) -> None:
        self._connection.execute(delete(lease).where(lease.c.name == name))
