"""Secrets that people type or pipe in."""

from __future__ import annotations

import sys

import click

from authsome.connection.model import LONGEST_KEY
from authsome.kit.errors import InvalidError


def read_secret(name: str, *, empty: type[InvalidError]) -> str:
    """SECRET: typed without being shown, or from a pipe. Raises `empty` where there is none."""
    if sys.stdin.isatty():
        typed: str = click.prompt(f"{name} (not shown)", hide_input=True, err=True)
        return typed
    given = sys.stdin.buffer.read(2 * LONGEST_KEY + 1)
    try:
        secret = given.decode("ascii").strip()
    except UnicodeDecodeError:
        raise empty from None
    if not secret:
        raise empty(f"no {name} came on standard input", hint="pipe it in: `… | authsome …`")
    return secret
