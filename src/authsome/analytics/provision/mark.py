"""The mark by which a thing in PostHog is known to be ours: `[authsome:adoption/providers #17]`.

Names are not unique there, tags may be forgotten, and keeping ids here would tie the dashboards to one
machine. So the description ends with a mark. The number is the thing's own id, written once it is known: a
copy that a person makes in PostHog carries another's id, and is theirs. Without a number it is ours, made
a moment ago and not finished.
"""

from __future__ import annotations

import re

LONGEST = 400  # of an insight's description
_MARK = re.compile(r"\[authsome:(?P<key>[a-z0-9_./-]+)(?: #(?P<id>[0-9]+))?\]")


def marked(text: str, key: str, thing_id: int | None = None, *, longest: int = LONGEST) -> str:
    """The text with the mark at its end, cut so that both fit."""
    mark = f"[authsome:{key}]" if thing_id is None else f"[authsome:{key} #{thing_id}]"
    room = longest - len(mark) - 1
    words = " ".join(text.split())
    if len(words) > room:
        words = words[: room - 1].rsplit(" ", 1)[0] + "…"
    return f"{words} {mark}"


def key_in(text: object, thing_id: int | None = None) -> str | None:
    """The key of the mark in the text, if the mark belongs to the thing with this id."""
    marks = list(_MARK.finditer(text)) if isinstance(text, str) else []
    if not marks:
        return None
    key, number = marks[-1]["key"], marks[-1]["id"]
    return key if number is None or thing_id is None or int(number) == thing_id else None


def unmarked(text: str) -> str:
    """The text without any mark."""
    return _MARK.sub("", text).strip()
