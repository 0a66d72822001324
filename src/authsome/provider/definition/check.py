"""The one question that shows whether a credential works: a GET that a good one answers with 2xx."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authsome.provider.definition.header import read_header_name
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.fields import check_keys, read_text, read_url
from authsome.provider.host import HostPattern, read_host_pattern

MOST_HEADERS = 5
LONGEST_HOLDER = 120
_KEYS = ("url", "headers", "account")
_WHERE = "check."
_PATH = re.compile(r"[A-Za-z0-9_-]{1,40}(\.[A-Za-z0-9_-]{1,40}){0,7}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Where to ask, with which headers beside the credential, and where the answer says whose it is.

    `holder_path` (`account` in a file) is a dotted path into the JSON that comes back; a number in it counts
    in a list, from 0.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    holder_path: str | None = None

    @property
    def place(self) -> HostPattern:
        """Host and port that the credential is sent to."""
        return _place(self.url)

    def holder_in(self, answer: Any) -> str | None:
        """Whom the credential belongs to there: one printable line of bounded length, or None."""
        found = answer
        for step in self.holder_path.split(".") if self.holder_path else ():
            if isinstance(found, dict):
                found = found.get(step)
            elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
                found = found[int(step)]
            else:
                return None
        if self.holder_path is None or not isinstance(found, str | int) or isinstance(found, bool):
            return None
        text = "".join(one for one in str(found)[:LONGEST_HOLDER] if one.isprintable()).strip()
        return text or None

    def definition(self) -> dict[str, Any]:
        """The section in the form of a file, which reads back as the same."""
        raw = {"url": self.url, "headers": dict(self.headers) or None, "account": self.holder_path}
        return {key: value for key, value in raw.items() if value is not None}


def read_check(given: Any, *, hosts: Sequence[HostPattern]) -> Check:
    """The section `check` of a definition with these hosts. Raises `DefinitionInvalid`."""
    if not isinstance(given, dict):
        raise DefinitionInvalid("check must be an object with url")
    check_keys(given, allowed=_KEYS, required=("url",), where="check")
    url = read_url(given, "url", within=_WHERE)
    if url is None or "#" in url:
        raise DefinitionInvalid("check.url must be an https:// address without a fragment")
    place = _place(url)
    if not any(pattern.covers(place.host, place.port) for pattern in hosts):
        raise DefinitionInvalid(f"check.url is at {place}, which is none of the definition's hosts")
    return Check(url=url, headers=_headers(given.get("headers", {})), holder_path=_holder_path(given))


def _place(url: str) -> HostPattern:
    return read_host_pattern(urlsplit(url).netloc)


def _headers(given: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, dict) or len(given) > MOST_HEADERS:
        raise DefinitionInvalid(f"check.headers must be up to {MOST_HEADERS} texts by header name")
    for name in given:
        # A fixed value there would be sent in place of the credential, or be one.
        if read_header_name(name, "check.headers").lower() == "authorization":
            raise DefinitionInvalid("check.headers may not have Authorization: the credential goes there")
        if not read_text(given, name, longest=100, within="check.headers.").isascii():
            raise DefinitionInvalid(f"check.headers.{name} must be ASCII")
    return tuple(sorted(given.items()))


def _holder_path(given: dict[str, Any]) -> str | None:
    if "account" not in given:
        return None
    path = read_text(given, "account", longest=200, within=_WHERE)
    if not _PATH.fullmatch(path):
        raise DefinitionInvalid("check.account must be a path such as user.login or data.0.name")
    return path
