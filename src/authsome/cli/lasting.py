"""The option that says for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from authsome.grant.lasting import read_length, spell_length


class Length(click.ParamType[str]):
    """`7d`, read here so that a wrong one is said before anything is asked or opened."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return spell_length(read_length(str(value)))


def for_option(help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command `--for`, as the argument `lasting`."""
    return click.option("--for", "lasting", type=Length(), metavar="LENGTH", help=help)
