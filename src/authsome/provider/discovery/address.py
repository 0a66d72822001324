"""The address of an API, in one spelling, and where the documents about it and its guard lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from authsome.provider.errors import DefinitionInvalid, ServerAddressInvalid
from authsome.provider.host import HTTPS, HostPattern, read_host_pattern

LONGEST_ADDRESS = 500
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?", re.IGNORECASE)
_RESOURCE = "/.well-known/oauth-protected-resource"
_SERVER = "/.well-known/oauth-authorization-server"
_OPENID = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Address:
    """`https://host[:port]/path`, as it is compared (RFC 3986 §6.2.2): scheme and host in lower case."""

    url: str
    place: HostPattern

    @property
    def origin(self) -> str:
        return f"https://{self.place}"

    @property
    def path(self) -> str:
        """With its query. Empty and `/` are the same path (RFC 3986 §6.2.3)."""
        rest = self.url.removeprefix(self.origin)
        return "" if rest == "/" else rest

    def is_called(self, text: str) -> bool:
        """Whether `text` is this address, character by character but for a path of nothing but `/`."""
        return text == self.url or (not self.path and text in (self.origin, f"{self.origin}/"))


def read_address(text: str) -> Address:
    """Raises `ServerAddressInvalid`."""
    if len(text) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(text) or "#" in text or "\\" in text:
        raise ServerAddressInvalid
    parts = urlsplit(text)
    if any(part in (".", "..") for part in parts.path.split("/")):
        raise ServerAddressInvalid(
            "the address has a path that leads back, and is not written as what it means"
        )
    try:
        place = read_host_pattern(parts.netloc)
    except DefinitionInvalid as error:
        raise ServerAddressInvalid(error.detail) from None
    rest = parts.path + (f"?{parts.query}" if parts.query else "")
    return Address(f"https://{place}{rest}", place)


def is_address(text: str) -> bool:
    """Whether somebody who writes this means an address, well-formed or not, and no name."""
    return "://" in text


def resource_documents(asked: Address) -> tuple[str, ...]:
    """Where an API's own document lies: RFC 9728 §3.1; that of a whole host, where its path has none."""
    whole = f"{asked.origin}{_RESOURCE}"
    return (f"{whole}{asked.path}", whole) if asked.path else (whole,)


def server_documents(issuer: Address) -> tuple[str, ...]:
    """Where an authorization server's document lies: RFC 8414 §3.1, then as OpenID has it (its §5)."""
    path = issuer.path.removesuffix("/")
    own = (f"{issuer.origin}{_SERVER}{path}", f"{issuer.origin}{_OPENID}{path}")
    return (*own, f"{issuer.origin}{path}{_OPENID}") if path else own


def suggest_name(place: HostPattern) -> str:
    """A provider's name for a host: `notion` for mcp.notion.com."""
    labels = [part for part in place.host.split(".") if part not in ("www", "mcp", "api")]
    if place.host.replace(".", "").isdigit():
        labels = ["mcp-" + place.host.replace(".", "-")]
    known = labels[-2:-1] if len(labels) > 1 else labels
    name = (known or [place.host.replace(".", "-")])[0]
    name = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:24].strip("-")
    if not name[:1].isalpha() or len(name) < 2:
        name = f"mcp-{name}".rstrip("-")
    return name if place.port == HTTPS else f"{name}-{place.port}"
