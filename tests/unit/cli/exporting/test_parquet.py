"""Parquet: typed columns, as another reader finds them, and a clear word where it cannot be written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb

from authsome.cli.exporting.parquet import TYPES, Parquet
from authsome.telemetry.export import columns

COLUMNS = {
    "position": "integer",
    "time": "timestamp",
    "share": "number",
    "allowed": "boolean",
    "name": "string",
    "later": "a type of tomorrow",
}


def test_types_and_values_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "it's.parquet"
    table = Parquet(path, COLUMNS)
    table.add(
        [{"position": 1, "time": "2026-11-28T01:02:03.000004Z", "fields": {"name": "=1", "allowed": True}}]
    )
    table.add(
        [{"position": 2**62, "time": "2026-11-28T23:59:59.999999Z", "fields": {"share": 0.5, "later": "x"}}]
    )
    table.end()
    with duckdb.connect() as database:
        found = database.read_parquet(str(path))
        assert dict(zip(found.columns, map(str, found.types), strict=True)) == {
            "position": "BIGINT",
            "time": "TIMESTAMP WITH TIME ZONE",
            "share": "DOUBLE",
            "allowed": "BOOLEAN",
            "name": "VARCHAR",
            "later": "VARCHAR",
        }
        rows = found.project("position, epoch_us(time), share, allowed, name, later").fetchall()
        stored = database.execute(
            "SELECT type, converted_type FROM parquet_schema(?) WHERE name = 'time'", [str(path)]
        ).fetchall()
    assert rows == [
        (1, 1_795_827_723_000_004, None, True, "=1", None),
        (2**62, 1_795_910_399_999_999, 0.5, None, None, "x"),
    ]
    assert stored == [("INT64", "TIMESTAMP_MICROS")]


def test_without_facts_there_are_columns(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    Parquet(path, columns()).end()
    with duckdb.connect() as database:
        found = database.read_parquet(str(path))
        assert found.columns == list(columns())
        assert found.fetchall() == []


def test_every_type_of_the_catalogue_has_one_here() -> None:
    assert set(columns().values()) <= TYPES.keys()


def test_where_duckdb_is_missing_the_extra_is_named() -> None:
    script = (
        "import sys; sys.modules['duckdb'] = None\n"  # what an import finds where it is not installed
        "from pathlib import Path\n"
        "from authsome.cli.exporting.parquet import ParquetMissing, open_duckdb\n"
        "try: open_duckdb(Path('rows'))\n"
        "except ParquetMissing as error: print(error.next_step)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert "pip install 'authsome[parquet]'" in done.stdout
