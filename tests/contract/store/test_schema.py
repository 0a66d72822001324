"""The tables in the code and the ones that migrations make are the same."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from authsome.store import tables
from authsome.store.migrate import MIGRATIONS
from authsome.store.migrations import HEADS
from authsome.store.transactions import Store


async def test_migrations_make_exactly_the_tables_in_the_code(store: Store) -> None:
    ledger = set(tables.ledger.METADATA.tables)

    def differences(connection: Connection, line: str) -> list[object]:
        metadata = (tables.registry if line == "registry" else tables.ledger).METADATA
        mine = set(metadata.tables)

        def included(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:
            return kind != "table" or name in mine

        options = {"include_object": included, "compare_type": True, "compare_server_default": True}
        with connection.begin():
            context = MigrationContext.configure(connection, opts=options)
            return list(compare_metadata(context, metadata))

    assert ledger
    assert await store.database.writer.run(lambda c: differences(c, "registry")) == []
    assert await store.database.books.run(lambda c: differences(c, "ledger")) == []


def test_every_table_is_of_exactly_one_kind() -> None:
    listed = [*tables.REGISTRY, *tables.LOG, *tables.BOOKKEEPING]
    defined = {*tables.registry.METADATA.tables.values(), *tables.ledger.METADATA.tables.values()}
    assert len(listed) == len(set(listed))
    assert set(listed) == defined


def test_the_heads_that_a_start_compares_are_those_of_the_files() -> None:
    for line, head in HEADS.items():
        scripts = ScriptDirectory(str(MIGRATIONS), version_locations=[str(MIGRATIONS / line)])
        assert scripts.get_heads() == [head]
