"""`docs/reference/configuration.md`: the environment variables, from the settings that read them."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo

from authsome.server.config import ServerConfig

PAGE = "docs/reference/configuration.md"
HEAD = """\
# Configuration

<!-- Generated from `ServerConfig` by `make docs`. -->

A server is configured by environment variables, read once when it starts. A malformed value keeps it
from starting, and the message names the variable. The [guide to self-hosting](../guides/self-hosting.md)
says when you need which.

## The server

| variable | value | default | meaning |
|---|---|---|---|
"""
FOOT = """
`authsome up --port` and `--proxy-port` win over `AUTHSOME_PORT` and `AUTHSOME_PROXY_PORT`. What decides
whether anything is sent to PostHog is in the [telemetry guide](../guides/telemetry.md#the-four-modes).

## The command line

| variable | default | meaning |
|---|---|---|
| `AUTHSOME_HOME` | `~/.authsome` | Where the keys of agent and terminal lie, and the server's files. |
| `AUTHSOME_BASE_URL` | the server of this home, else `http://localhost:7998` | The server to talk to. |
"""
KINDS = {str: "text", int: "number", bool: "yes or no (`1`, `0`)", Path: "path", SecretStr: "secret text"}


def files() -> dict[str, str]:
    """The page."""
    rows = (_row(name, field) for name, field in ServerConfig.model_fields.items())
    return {PAGE: HEAD + "".join(rows) + FOOT}


def variable(name: str, field: FieldInfo) -> str:
    """The name under which the environment gives this setting."""
    alias = field.validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"AUTHSOME_{name.upper()}"


def _row(name: str, field: FieldInfo) -> str:
    default = "" if field.default in (None, "", False) else f"`{field.default}`"
    value = f"{_kind(field.annotation)}{_bounds(field)}"
    return f"| `{variable(name, field)}` | {value} | {default} | {field.description} |\n"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(kind for kind in get_args(annotation) if kind is not type(None))
    return KINDS[annotation]


def _bounds(field: FieldInfo) -> str:
    """`0 to 65535` or `from 1`, as the validators have it."""
    least = next((mark.ge for mark in field.metadata if hasattr(mark, "ge")), None)
    most = next((mark.le for mark in field.metadata if hasattr(mark, "le")), None)
    if least is None:
        return ""
    return f", from {least}" if most is None else f", {least} to {most}"
