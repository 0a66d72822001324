"""What this terminal can show: how wide, with which characters, in colour or not."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import TextIO

from authsome.cli.output import printable

NARROWEST = 20
BLOCKS, PLAIN_BLOCKS = "▁▂▃▄▅▆▇█", "_.:-=+*#"
SHADES, PLAIN_SHADES = " ░▒▓█", " .:+#"
BOLD, DIM, BLUE = "1", "2", "34"


@dataclass(frozen=True, slots=True)
class Pen:
    """`encoding` is that of the output: where it has no blocks, plain ASCII stands for them."""

    width: int = 80
    encoding: str = "utf-8"
    colours: bool = False

    @property
    def has_blocks(self) -> bool:
        return _can(self.encoding, BLOCKS + SHADES + "…")

    @property
    def blocks(self) -> str:
        """Eight heights, the lowest for nothing."""
        return BLOCKS if self.has_blocks else PLAIN_BLOCKS

    @property
    def shades(self) -> str:
        """Five, from none to all."""
        return SHADES if self.has_blocks else PLAIN_SHADES

    def cut(self, text: str, width: int) -> str:
        """At most so many characters, with a mark where something is missing."""
        if len(text) <= width:
            return text
        mark = "…" if self.has_blocks else "~"
        return text[: max(0, width - 1)] + mark if width > 0 else ""

    def line(self, text: str, style: str = "") -> str:
        """A line of at most the width: without control characters, and with what the encoding can say."""
        shown = self.cut(printable(text).rstrip(), self.width)
        shown = shown.encode(self.encoding, "replace").decode(self.encoding)
        return f"\x1b[{style}m{shown}\x1b[0m" if style and self.colours and shown else shown

    def prose(self, text: str, style: str = "", *, indent: str = "") -> list[str]:
        """Lines of words, broken where the width ends."""
        lines = wrap(printable(text), self.width, initial_indent=indent, subsequent_indent=indent or "  ")
        return [self.line(line, style) for line in lines]


def pen_for(output: TextIO, environment: Mapping[str, str]) -> Pen:
    """Colours only for a terminal that takes them, and never where NO_COLOR is set to anything."""
    colours = output.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    width = max(NARROWEST, shutil.get_terminal_size().columns)
    return Pen(width, output.encoding or "ascii", colours)


def _can(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
