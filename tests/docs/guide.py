"""Read the guides as a program: their blocks of commands, and the commands that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from authsome.cli.main import root

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs/guides").glob("*.md")])
BLOCK = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"(?:^|[|`=\w]\s?|\s)authsome ((?:[a-z][a-z-]*|--?[a-z-]+)[^`|#<\n]*)")


def blocks(page: Path, *, language: str) -> list[str]:
    """The blocks of a guide that are marked with this language, in order."""
    return [text for name, text in BLOCK.findall(page.read_text(encoding="utf-8")) if name == language]


def commands(page: Path) -> Iterator[list[str]]:
    """The words behind `authsome` wherever a guide writes a command: in blocks, and in the text as `code`."""
    text = page.read_text(encoding="utf-8")
    lines = [
        line for name, body in BLOCK.findall(text) if name in ("sh", "shell") for line in body.splitlines()
    ]
    lines += re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))
    for line in lines:
        found = re.match(r"(?:[A-Z_]+=\S+ |.*\| |sudo .*/)*authsome (.+)", line.strip())
        if found:
            yield re.split(r"\s+(?:#|<|\|)", found[1])[0].split()


def unknown(words: list[str]) -> str | None:
    """What in a command line does not exist: a command or an option."""
    command: click.Command = root
    # With the settings of the real root: a command keeps the help option of the first context it sees.
    context = click.Context(root, info_name="authsome", **root.context_settings)
    given = words[: words.index("--")] if "--" in words else words
    for word in given:
        if word.startswith("-"):
            known = {option for param in command.get_params(context) for option in param.opts}
            if word.partition("=")[0] not in known:
                return f"{context.command_path} has no {word}"
        elif isinstance(command, click.Group):
            if word not in command.list_commands(context):
                return f"{context.command_path} has no {word}"
            inner = command.get_command(context, word)
            assert inner is not None
            command, context = inner, click.Context(inner, parent=context, info_name=word)
    return None
