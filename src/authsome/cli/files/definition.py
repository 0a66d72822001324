"""A provider's definition that is named on the command line, or comes from standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from authsome.provider.validate import LONGEST_FILE, parse_any, parse_file

Parameter = Callable[[Callable[..., Any]], Callable[..., Any]]
file_argument: Parameter = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
private_option: Parameter = click.option(
    "--allow-private",
    "private",
    multiple=True,
    metavar="HOST:PORT",
    help="One of the definition's hosts that may lie on a private network. Can be repeated.",
)


def read_file(file: str) -> Mapping[str, Any]:
    """The definition in a file, or on standard input for `-`. Raises `DefinitionInvalid`."""
    if file == "-":
        return parse_any(sys.stdin.buffer.read(LONGEST_FILE + 1))
    with Path(file).open("rb") as opened:
        content = opened.read(LONGEST_FILE + 1)
    return parse_file(content, is_toml=Path(file).suffix == ".toml")
