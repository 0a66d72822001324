"""What a 401 says of how to be let in (RFC 9110 §11.6.1), as far as RFC 9728 and RFC 6750 use it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_HEADER = 4096
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf'({_TOKEN})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))')
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))")
_SCHEME = re.compile(_TOKEN)
_BETWEEN = re.compile(r"[ \t,]*")
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """Of a challenge for a bearer token, where the API's document lies, and which scopes it wants."""

    document: str | None = None
    scopes: tuple[str, ...] = ()


def read_challenge(headers: Iterable[str]) -> Challenge:
    """The first challenge for a bearer token that names a document; else the first for one; else nothing."""
    found = [
        parameters
        for header in headers
        for scheme, parameters in _challenges(header[:LONGEST_HEADER])
        if scheme.lower() == "bearer"
    ]
    best = next((one for one in found if "resource_metadata" in one), found[0] if found else {})
    return Challenge(best.get("resource_metadata"), tuple(best.get("scope", "").split()))


def _challenges(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Scheme and parameters of each, up to where the header is no list of challenges any more."""
    at, scheme, parameters = 0, "", dict[str, str]()
    while True:
        between = _BETWEEN.match(header, at)
        at = between.end() if between else at
        if (found := _PARAMETER.match(header, at)) and scheme:
            name, quoted, plain = found.groups()
            value = plain if quoted is None else _ESCAPE.sub(r"\1", quoted)
            # Said twice, it is not known which of them counts: the first, whoever added another.
            parameters.setdefault(name.lower(), value)
            at = found.end()
            continue
        if scheme and not parameters and (found := _TOKEN68.match(header, at)) and "=" in found.group():
            at = found.end()
            continue
        if scheme:
            yield scheme, parameters
        found = _SCHEME.match(header, at)
        if found is None:
            return
        at, scheme, parameters = found.end(), found.group(), {}
