"""Print data: JSON for programs, a drawn table for a terminal, plain columns for a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

Parameter = Callable[[Callable[..., Any]], Callable[..., Any]]
json_option: Parameter = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, empty: str) -> None:
    """A table of texts; `empty` says what to do when there is nothing yet, on standard error."""
    texts = [[printable(cell) for cell in row] for row in rows]
    if not texts:
        click.echo(empty, err=True)
    elif sys.stdout.isatty():
        _draw(columns, texts)
    else:
        _align(columns, texts)


def moment(text: str | None) -> str:
    """A time as the server sends it (RFC 3339, UTC), to the minute."""
    return f"{text[:10]} {text[11:16]}Z" if text else ""


def say(text: str) -> None:
    """What is going on, for the person at the terminal; never part of the data."""
    click.echo(text, err=True)


def printable(cell: Any) -> str:
    """One line without control characters: a label is written by others and must not redraw the terminal."""
    text = "" if cell is None else str(cell)
    return "".join(character if character.isprintable() else "�" for character in text)


def _align(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lines = [list(columns), *rows]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _draw(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # a Text is not read for [markup]
    Console().print(table)
