"""The colours of the style sheet, held to WCAG 2.2: 4.5 to one for text, 3 to one for what is drawn."""

from __future__ import annotations

import re

import pytest

from authsome.server.web.assets import STATIC

SHEET = (STATIC / "authsome.css").read_text()
TOKENS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\);", SHEET))
GROUNDS = ("paper", "sheet", "sunk")
TEXT = [(ink, ground) for ground in GROUNDS for ink in ("ink", "muted", "petrol", "brass", "brick")] + [
    ("ink", "wash-good"),
    ("ink", "wash-wait"),
    ("ink", "wash-bad"),
    ("muted", "wash-good"),
    ("brick", "wash-bad"),
    ("on-press", "press"),
    ("on-press", "petrol"),
    ("paper", "petrol"),
]
DRAWN = [("line", "paper"), ("line", "sheet"), ("brass-mark", "paper"), ("brass-mark", "sheet")] + [
    (f"chart-{number}", "paper") for number in (1, 2, 3, 4)
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, scheme: int) -> float:
    """The ratio of two tokens in one scheme: 0 light, 1 dark."""
    levels = sorted(luminance(TOKENS[name].split(", ")[scheme]) for name in (one, other))
    return (levels[1] + 0.05) / (levels[0] + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink: str, ground: str, scheme: int) -> None:
    assert contrast(ink, ground, scheme) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), DRAWN)
def test_what_is_drawn_can_be_seen(mark: str, ground: str, scheme: int) -> None:
    assert contrast(mark, ground, scheme) >= 3


def test_colours_are_named_once_as_tokens() -> None:
    below = SHEET.split("--text:", 1)[1]
    assert not re.findall(r"#[0-9a-fA-F]{6}\b", below)
    used = set(re.findall(r"var\(--([\w-]+)\)", SHEET))
    declared = set(re.findall(r"--([\w-]+):", SHEET))
    assert used == declared


def test_the_style_sheet_loads_nothing_from_elsewhere() -> None:
    assert "url(" not in SHEET
    assert "@import" not in SHEET
