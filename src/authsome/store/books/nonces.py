"""Nonces of signatures that were accepted. Each counts once, also after a restart."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, delete

from authsome.store.books.upsert import insert_for
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
        is_new = self._connection.execute(_use(self._connection.dialect.name), row).first() is not None
        Nonces._inserted += 1
        if Nonces._inserted % SWEEP_EVERY == 0:
            self._connection.execute(delete(nonce).where(nonce.c.expires_at < now))
        return is_new


@cache
def _use(dialect: str) -> Any:
    return insert_for(dialect, nonce).on_conflict_do_nothing().returning(nonce.c.digest)
