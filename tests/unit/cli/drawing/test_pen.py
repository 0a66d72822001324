"""Colour for a terminal that takes it, and for nobody else."""

from __future__ import annotations

import io

import pytest

from authsome.cli.drawing.pen import BOLD, Pen, pen_for


class Terminal(io.StringIO):
    """An output that says to be a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_no_color_is_kept_to(environment: dict[str, str], coloured: bool) -> None:
    assert pen_for(Terminal(), environment).colours is coloured


def test_a_pipe_is_never_coloured() -> None:
    assert pen_for(io.StringIO(), {}).colours is False


def test_colour_does_not_count_as_width() -> None:
    assert Pen(3, colours=True).line("title", BOLD) == "\x1b[1mti…\x1b[0m"
    assert Pen(3, "ascii").line("title", BOLD) == "ti~"
