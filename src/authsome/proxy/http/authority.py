"""Host and port as one canonical pair, so that two spellings cannot mean two things to two parsers.

Everything that decides (gate, certificate, resolver, Host check) sees only what comes out of here: lower
case, no trailing dot, IPv6 compressed and without brackets. Numbers that some resolvers take for addresses
(`127.1`, `0x7f.1`, `2130706433`) are refused: they would pass a check of names and reach an address.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from authsome.proxy.errors import TargetRefused

DEFAULT_PORT = 443
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")


@lru_cache(maxsize=1024)
def split_authority(text: str, default_port: int | None = DEFAULT_PORT) -> tuple[str, int]:
    """`host[:port]` (RFC 3986 §3.2, without user information) as (canonical host, port).

    Raises `TargetRefused`. `default_port` None means that the port must be there, as in CONNECT.
    """
    host, separator, port = text, "", ""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        separator, port = rest[:1], rest[1:]
        if not bracket or separator not in ("", ":"):
            raise TargetRefused
        return _ipv6(host), _port(port, separator, default_port)
    host, separator, port = text.partition(":")
    return _name(host.lower()), _port(port, separator, default_port)


def join_authority(host: str, port: int) -> str:
    """The pair as a Host header writes it: the default port of https is left out."""
    name = f"[{host}]" if ":" in host else host
    return name if port == DEFAULT_PORT else f"{name}:{port}"


def _port(text: str, separator: str, default_port: int | None) -> int:
    if not separator and default_port is not None:
        return default_port
    if not _PORT.fullmatch(text) or int(text) > 65535:
        raise TargetRefused
    return int(text)


def _name(host: str) -> str:
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise TargetRefused
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(host)
    return host


def _ipv4(host: str) -> str:
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        raise TargetRefused from None


def _ipv6(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        raise TargetRefused from None
    if address.scope_id is not None:
        raise TargetRefused
    return str(address)
