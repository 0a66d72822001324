"""Words that come with an identity, its label and its notes, as one plain line."""

from __future__ import annotations

import unicodedata


def plain_line(text: str, *, longest: int) -> str | None:
    """The text in one spelling, without white space round it; None where it is too long or not plain.

    Format characters are refused with the control characters: a right-to-left override would let the text
    rewrite the words around it on a page or in a terminal.
    """
    if len(text) > longest * 4:
        return None
    line = unicodedata.normalize("NFC", text.strip())
    if len(line) > longest or any(unicodedata.category(c)[0] == "C" for c in line):
        return None
    return None if any(unicodedata.category(c) in ("Zl", "Zp") for c in line) else line
