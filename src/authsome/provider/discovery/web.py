"""Whoever fetches for a discovery, as a port: one question, one bounded answer, no redirects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from authsome.provider.host import HostPattern

Private = Sequence[HostPattern]  # exact hosts and ports that an admin said may lie on a private network


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An answer. `challenges` are the values of its WWW-Authenticate headers."""

    status: int
    content_type: str = ""
    challenges: tuple[str, ...] = ()
    body: bytes = b""


class Web(Protocol):
    """Fetches over the network. Never within a unit of work. Raises `DiscoveryFailed` where nothing is heard:
    unreachable, refused, or too long.
    """

    async def look(self, url: str, private: Private) -> Heard:
        """Ask as anybody would, for the head of the answer alone: its body is not read."""
        ...

    async def fetch(self, url: str, private: Private) -> Heard:
        """Ask for a JSON document."""
        ...

    async def post(self, url: str, document: Mapping[str, Any], private: Private) -> Heard:
        """Send a JSON document."""
        ...

    async def check(self, url: str, private: Private) -> None:
        """Whether `url` could be connected to, without connecting. Raises `DiscoveryFailed`."""
        ...
