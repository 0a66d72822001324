"""Whose host is this?"""

from __future__ import annotations

from collections.abc import Iterable

from authsome.provider.model import Provider


def covering(providers: Iterable[Provider], host: str, port: int) -> list[Provider]:
    """The provider whose most specific pattern covers a canonical host and port, in a list.

    A custom one goes before any bundled one: it may have been there before a release brought the other.
    Empty when there is none. More than one only where two patterns are the same; registering refuses that,
    so a caller treats it as a fault and lets nothing pass, rather than choose between two secrets.
    """
    ranked = [
        ((not provider.bundled, *pattern.rank), provider)
        for provider in providers
        for pattern in provider.hosts
        if pattern.covers(host, port)
    ]
    best = max((rank for rank, _ in ranked), default=None)
    found: list[Provider] = []
    for rank, provider in ranked:
        if rank == best and provider not in found:
            found.append(provider)
    return found
