"""`.env` files: read as the usual loaders do, and lines of one replaced. Pure.

What cannot be a key is passed over: a value of several lines, one that refers to another, an empty one. Where
loaders differ, a line is passed over too rather than a wrong value taken for a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from authsome.kit.secret import Secret

_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)", re.DOTALL)
_QUOTED = re.compile(r"(['\"`])(.*?)\1\s*(#.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A variable, its SECRET value, and the line it stands on, counted from 1."""

    name: str
    value: Secret
    line: int


def read_assignments(text: str) -> Iterator[Assignment]:
    """Each assignment of a value of one line, in the file's order."""
    open_quote = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if open_quote:  # inside of a value of several lines, where nothing is an assignment
            open_quote = "" if open_quote in line else open_quote
            continue
        found = _ASSIGNMENT.fullmatch(line.rstrip("\r"))
        if found is None:
            continue
        name, rest = found[1], found[2].strip()
        if rest[:1] in ("'", '"', "`") and rest[:1] not in rest[1:]:
            open_quote = rest[0]
            continue
        value = _value(rest)
        if value and "$" not in value and "\\" not in value:
            yield Assignment(name, Secret(value), number)


def replaced(text: str, *, taken: Mapping[str, Secret], by: Mapping[str, str]) -> tuple[str, list[int]]:
    """The text with each assignment of a taken value replaced by the comment for its variable, and the lines.

    A variable that has another value by now is left alone. Line ends stay as they are.
    """
    lines = text.split("\n")
    gone = [one for one in read_assignments(text) if taken.get(one.name) == one.value]
    for one in gone:
        end = "\r" if lines[one.line - 1].endswith("\r") else ""
        lines[one.line - 1] = f"# {by[one.name]}{end}"
    return "\n".join(lines), [one.line for one in gone]


def _value(rest: str) -> str:
    quoted = _QUOTED.fullmatch(rest)
    if quoted:
        return quoted[2]
    bare = re.split(r"\s+#", rest, maxsplit=1)[0].strip()
    return "" if bare.startswith("#") else bare
