"""Bring a database to the current schema."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from authsome.store.database import Database
from authsome.store.migrations import HEADS
from authsome.store.sequencer import GENESIS
from authsome.store.tables.log import log_head

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x_A07_50_3E  # any number, as long as every server uses the same one


async def migrate(database: Database) -> None:
    """Run what is missing, in one transaction per line. Safe to call from several servers at once."""
    await database.writer.run(lambda connection: _migrate(connection, "registry"))
    await database.books.run(lambda connection: _migrate(connection, "ledger"))


def _migrate(connection: Connection, line: str) -> None:
    with connection.begin():
        if connection.dialect.name == "postgresql":
            # After the wait for another server, what that one made must be seen.
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if _version(connection, line) != HEADS[line]:
            _upgrade(connection, line)
        if line == "registry" and connection.execute(log_head.select()).first() is None:
            connection.execute(log_head.insert().values(id=1, position=0, chain=GENESIS))


def _version(connection: Connection, line: str) -> str | None:
    table = f"alembic_version_{line}"
    if not inspect(connection).has_table(table):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {table}")).scalar()  # noqa: S608
    return found


def _upgrade(connection: Connection, line: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": f"alembic_version_{line}"})
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(MIGRATIONS / line))
    command.upgrade(config, "head")
