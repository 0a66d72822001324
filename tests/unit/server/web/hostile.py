"""Puts a hostile text in place of every text of a page: what anyone could have typed somewhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import Enum
from typing import Any

from authsome.server.web.pages import Frame, Page, Visitor

TEXTS = {
    "script": "<script>alert(1)</script>",
    "quotes": "\"'><img src=x onerror=alert(1)> ' autofocus onfocus=alert(1) x='",
    "closing": "</script></textarea></title><!-- ]]> --><svg/onload=alert(1)>",
    "template": "{{ 7 * 7 }}{% raw %} ${7*7} #{7*7} \\u003cscript\\u003e",
    "javascript": "javascript:alert(1)",
    "long": "wide" * 1500,
    "right-to-left": "\u202etxt.exe \u2066\u0645\u0631\u062d\u0628\u0627\u2069 \u200b\u2028",
    "lines": "first\nsecond\r\nthird\ttabbed\x0bnull\x00end",
}

# Where a form is sent, what it calls its fields and where our links lead is decided by routes, never by what
# people typed.
OURS = {"action", "href", "more", "anchor", "sent_as"}


def hostile(page: Page, text: str) -> Page:
    """The same page with `text` in place of every text."""
    return _replaced(page, text)  # type: ignore[no-any-return]


def hostile_frame(text: str) -> Frame:
    """A frame whose installation and visitor are named `text`."""
    return Frame(installation=text, csrf=text, visitor=Visitor(name=text, is_admin=True))


def _replaced(value: Any, text: str) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(_replaced(one, text) for one in value)
    if isinstance(value, Mapping):
        return {name: _replaced(one, text) for name, one in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _replaced(getattr(value, field.name), text)
            for field in dataclasses.fields(value)
            if field.name not in OURS
        }
        return dataclasses.replace(value, **changed)
    return value
