"""Read a form that a browser sent: one encoding, bounded, without surprises in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qs

from fastapi import Request

from authsome.kit.errors import AuthsomeError, InputInvalid
from authsome.kit.secret import Secret
from authsome.server.web.pages import Form

MEDIA_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 500  # a claim page has one for each connection of a principal, who has 200 at most

SHOWN_AGAIN = 512
_WRITTEN = re.compile(r"\S*[\w][./:@_]\w")  # a host, an address, provider/name: not a word of ours
_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}")


class Fields:
    """What was sent. A missing field is an empty text."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """The first value, without white space round it."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        return next(iter(self._values.get(name, ())), "")

    def secret(self, name: str) -> Secret:
        """The first value as it is: white space is part of a password."""
        return Secret(self.raw(name))

    def all(self, name: str) -> list[str]:
        return list(self._values.get(name, ()))

    def again(self, *names: str) -> dict[str, str]:
        """What to show again in a refused form. The caller names no secret."""
        return {name: self.raw(name)[:SHOWN_AGAIN] for name in names}


async def read_fields(request: Request) -> Fields:
    """The fields of a request. Raises `InputInvalid`.

    Multipart, which no form of ours uses, is refused: its parser is large, and another site can send it
    without asking. A NUL is refused here for all, because PostgreSQL keeps none and would fail.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise InputInvalid(f"a form is sent as {MEDIA_TYPE}")
    try:
        body = (await request.body()).decode("ascii")
        values = parse_qs(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise InputInvalid("the form is not well-formed UTF-8, or has too many fields") from None
    if any("\0" in text for name, texts in values.items() for text in (name, *texts)):
        raise InputInvalid("the form has a NUL character in it")
    return Fields(values)


def id_or_nothing(text: str) -> str:
    """An id from an address, or nothing where it has not the form of one. The database sees no other text."""
    return text if _ID.fullmatch(text) else ""


def refused(form: Form, error: AuthsomeError, *, at: str | None = None) -> Form:
    """The form with what was wrong, at the field `at` or with the whole."""
    if at is None:
        return replace(form, problem=f"{sentence(error.detail)} {sentence(error.next_step)}".strip())
    return replace(form, errors={**form.errors, at: sentence(error.detail)})


def sentence(text: str) -> str:
    """Errors are written to stand in a terminal's line; on a page they begin and end as sentences do."""
    if not text:
        return ""
    begins = text[0] if _WRITTEN.match(text) else text[0].upper()
    return begins + text[1:] + ("" if text[-1] in ".!?" else ".")
