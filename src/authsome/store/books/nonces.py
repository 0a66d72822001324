"""Nonces of signatures that were accepted. Each counts once, also after a restart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from authsome.store.books.upsert import insert
from authsome.store.tables.ledger import nonce

SWEEP_EVERY = 512


class Nonces:
    """The table `nonce`. Old ones go with every few hundredth insert, so that it stays small."""

    _inserted = 0

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def use(self, digest: str, *, now: datetime, expires_at: datetime) -> bool:
        """Whether this is the first use of `digest`."""
        # RETURNING and not the row count: an insert that may do nothing has none on psycopg.
        row = {"digest": digest, "expires_at": expires_at}
        statement = insert(self._connection, nonce).values(row).on_conflict_do_nothing()
        is_new = self._connection.execute(statement.returning(nonce.c.digest)).first() is not None
        Nonces._inserted += 1
        if Nonces._inserted % SWEEP_EVERY == 0:
            self._connection.execute(delete(nonce).where(nonce.c.expires_at < now))
        return is_new
