"""Base URLs: the one origin of a server, taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from authsome.client.errors import AddressInvalid
from authsome.kit.loopback import names_loopback

DEFAULT = "http://localhost:7998"
_IMPLIED = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is. `authority` is what requests are signed for and what Host says."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _IMPLIED[self.scheme] else f"{host}:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def is_proven(self) -> bool:
        """Whether what answers there is known to be who it says it is."""
        return self.scheme == "https" or self.is_loopback

    @property
    def is_loopback(self) -> bool:
        return names_loopback(self.host)


def read_address(base_url: str) -> Address:
    """Scheme, host and port of a base URL. Raises `AddressInvalid`."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise AddressInvalid from None
    plain = base_url.isascii() and base_url.isprintable() and " " not in base_url
    if not plain or parts.scheme not in _IMPLIED or not host or parts.username is not None:
        raise AddressInvalid
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise AddressInvalid
    return Address(parts.scheme, host, _IMPLIED[parts.scheme] if port is None else port)
