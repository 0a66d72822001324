"""Secrets that people type or pipe in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from authsome.connection.errors import KeyInvalid
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


def read_key(fields: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """SECRET: what a provider takes, as the server wants it told. Raises `KeyInvalid`."""
    if len(fields) == 1:
        return {"api_key": read_secret(fields[0]["label"], empty=KeyInvalid)}
    if sys.stdin.isatty():
        return {"fields": {one["name"]: _ask(one) for one in fields}}
    return {"fields": _read_lines([one["name"] for one in fields])}


def _ask(field: dict[str, Any]) -> str:
    text = f"{field['label']} (not shown)" if field["secret"] else field["label"]
    typed: str = click.prompt(text, hide_input=field["secret"], err=True)
    return typed


def _read_lines(names: Sequence[str]) -> dict[str, str]:
    """`name=value` each. What is wrong is told without what stands there."""
    wanted = ", ".join(names)
    hint = "pipe in one line for each: " + " ".join(f"{name}=…" for name in names)
    given = sys.stdin.buffer.read(len(names) * 2 * LONGEST_KEY + 1)
    try:
        lines = [line for line in given.decode("utf-8").split("\n") if line.strip()]
    except UnicodeDecodeError:
        raise KeyInvalid("standard input is not UTF-8 text", hint=hint) from None
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        name, separator, value = line.partition("=")
        if not separator or name.strip() not in names or name.strip() in found:
            raise KeyInvalid(f"line {number} is not name=value with one of {wanted}, each once", hint=hint)
        found[name.strip()] = value
    missing = [name for name in names if name not in found]
    if missing:
        raise KeyInvalid(f"{', '.join(missing)} did not come on standard input", hint=hint)
    return found
