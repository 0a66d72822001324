"""Facts as Parquet, with types, written by DuckDB.

DuckDB and not pyarrow: half the size (25 MB against 55), nothing besides itself, and many who ask for this
file have it already. It takes rows slowly one by one and fast as lines of JSON, so they are put into a file
first.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from authsome.cli.exporting.pages import Fact
from authsome.cli.exporting.tables import Columns, flat, spell
from authsome.kit.errors import UnavailableError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMPTZ",  # in the file: microseconds, adjusted to UTC
}
# Both of what is used is built in; it must neither look for more in the network nor take every core.
SETTINGS: dict[str, str | int] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": 1,
    "memory_limit": "512MB",
}


class ParquetMissing(UnavailableError):
    """Writing Parquet needs DuckDB, which is not installed here."""

    code = "parquet_missing"
    hint = "install it with `pip install 'authsome[parquet]'`, or take --format csv"


def open_duckdb(rows: Path) -> DuckDBPyConnection:
    """A database in memory. Raises `ParquetMissing`."""
    try:
        import duckdb
    except ImportError:
        raise ParquetMissing from None
    return duckdb.connect(config={**SETTINGS, "temp_directory": str(rows.with_suffix(".spill"))})


class Parquet:
    """Writes `path`; the rows lie beside it meanwhile."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self._path, self._rows = path, path.with_suffix(".rows")
        self._database = open_duckdb(self._rows)
        self._types = {name: TYPES.get(kind, "VARCHAR") for name, kind in columns.items()}
        self._file = self._rows.open("wb")

    def add(self, facts: Sequence[Fact]) -> None:
        self._file.write(b"".join(spell(flat(fact)) + b"\n" for fact in facts))

    def end(self) -> None:
        self._file.close()
        with self._database as database:
            rows = database.read_json(str(self._rows), columns=self._types, format="newline_delimited")
            rows.write_parquet(str(self._path), compression="zstd")
