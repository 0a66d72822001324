"""`docs/reference/cli.md`: every command's help, as it prints itself."""

from __future__ import annotations

from collections.abc import Iterator

import click

from authsome.cli.exit_codes import explain
from authsome.cli.main import root

PAGE = "docs/reference/cli.md"
WIDTH = 100
HEAD = """\
# Commands

<!-- Generated from the commands' own help by `make docs`. -->

Data is printed on standard output, and as JSON with `--json`; what went on is on standard error.

"""


def files() -> dict[str, str]:
    """The page."""
    exits = f"## Exit codes\n\n```text\n{explain()}\n```\n"
    return {PAGE: HEAD + "\n".join([*_toplevel(), exits])}


def _toplevel() -> Iterator[str]:
    top = click.Context(root, info_name="authsome", terminal_width=WIDTH, **root.context_settings)
    for name in root.list_commands(top):
        command = root.get_command(top, name)
        assert command is not None
        yield from _sections(command, name, top, level=2)


def _sections(command: click.Command, name: str, parent: click.Context, *, level: int) -> Iterator[str]:
    if command.hidden:
        return
    context = click.Context(command, parent=parent, info_name=name)
    said = "\n".join(line.rstrip() for line in command.get_help(context).strip().splitlines())
    yield f"{'#' * level} {context.command_path}\n\n```text\n{said}\n```\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from _sections(found, inner, context, level=level + 1)
