"""The one question that shows whether a credential works: a GET that changes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authsome.provider.definition.header import read_header_name
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.fields import check_keys, read_text, read_url
from authsome.provider.host import HostPattern, read_host_pattern

MOST_HEADERS = 5
LONGEST_HOLDER = 120
_KEYS = ("url", "headers", "confirms", "account")
_WHERE = "check."
_PATH = re.compile(r"[A-Za-z0-9_-]{1,40}(\.[A-Za-z0-9_-]{1,40}){0,7}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Where to ask, with which headers beside the credential, and what the answer says.

    Both paths are dotted, into the JSON that comes back; a number in one counts in a list, from 0. At
    `confirms` is `true` where a credential is good, for services that answer anything with 200; at
    `holder_path` (`account` in a file) is whose it is.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    confirms: str | None = None
    holder_path: str | None = None

    @property
    def place(self) -> HostPattern:
        """Host and port that the credential is sent to."""
        return _place(self.url)

    def is_passed(self, status: int, answer: Any) -> bool:
        """Whether that status and JSON mean that the credential is good."""
        return 200 <= status < 300 and (self.confirms is None or _at(self.confirms, answer) is True)

    def holder_in(self, answer: Any) -> str | None:
        """Whom the credential belongs to there: one printable line of bounded length, or None."""
        found = _at(self.holder_path, answer)
        if not isinstance(found, str | int) or isinstance(found, bool):
            return None
        text = "".join(one for one in str(found)[:LONGEST_HOLDER] if one.isprintable()).strip()
        return text or None

    def definition(self) -> dict[str, Any]:
        """The section in the form of a file, which reads back as the same."""
        raw: dict[str, Any] = {"url": self.url, "headers": dict(self.headers) or None}
        raw |= {"confirms": self.confirms, "account": self.holder_path}
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
    return Check(
        url=url,
        headers=_headers(given.get("headers", {})),
        confirms=_dotted(given, "confirms"),
        holder_path=_dotted(given, "account"),
    )


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


def _dotted(given: Mapping[str, Any], key: str) -> str | None:
    if key not in given:
        return None
    path = read_text(given, key, longest=200, within=_WHERE)
    if not _PATH.fullmatch(path):
        raise DefinitionInvalid(f"{_WHERE}{key} must be a path such as user.login or data.0.name")
    return path


def _at(path: str | None, answer: Any) -> Any:
    if path is None:
        return None
    found = answer
    for step in path.split("."):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found
