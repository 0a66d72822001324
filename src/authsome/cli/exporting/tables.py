"""Facts as lines of JSON or as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, Protocol

from authsome.cli.exporting.pages import Fact

Columns = Mapping[str, str]  # types by names, in order
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Table(Protocol):
    """Takes facts in the order of the log."""

    def add(self, facts: Sequence[Fact]) -> None:
        """Write these facts."""
        ...

    def end(self) -> None:
        """There are no more. The file it was given is complete afterwards."""
        ...


class JsonLines:
    """One object a line, as `authsome telemetry export` has it."""

    def __init__(self, file: IO[bytes], _columns: Columns) -> None:
        self._file = file

    def add(self, facts: Sequence[Fact]) -> None:
        self._file.write(b"".join(spell(fact) + b"\n" for fact in facts))

    def end(self) -> None:
        self._file.flush()


class Csv:
    """RFC 4180, UTF-8, with a header: one row per fact, one column per field of any event.

    A text that a spreadsheet would calculate gets an apostrophe before it; numbers are left alone.
    """

    def __init__(self, file: IO[bytes], columns: Columns) -> None:
        self._file, self._columns = file, list(columns)
        self._write([self._columns])

    def add(self, facts: Sequence[Fact]) -> None:
        rows = map(flat, facts)
        self._write([[_cell(row.get(name)) for name in self._columns] for row in rows])

    def end(self) -> None:
        self._file.flush()

    def _write(self, rows: Sequence[Sequence[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        self._file.write(text.getvalue().encode())


TABLES: Mapping[str, Callable[[IO[bytes], Columns], Table]] = {"jsonl": JsonLines, "csv": Csv}


def flat(fact: Fact) -> dict[str, Any]:
    """The fact without levels: no field of the catalogue has the name of what every fact has."""
    fields: dict[str, Any] = fact["fields"]
    return {name: value for name, value in fact.items() if name != "fields"} | fields


def spell(value: Any) -> bytes:
    """JSON on one line."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe(value) if isinstance(value, str) else str(value)


def safe(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
