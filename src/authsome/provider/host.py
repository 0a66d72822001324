"""Which hosts a provider has: exact names, or everything below one, each at one port.

Compared are canonical spellings only: lower case, no trailing dot, IPv6 compressed. What some resolvers take
for an address (`127.1`, `0x7f.1`) is refused, because it would pass as a name and reach something else.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from authsome.provider.errors import DefinitionInvalid

HTTPS = 443
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
# Second-level names under which a country's registry sells names: `*.co.uk` would be half of Britain.
_SOLD_BELOW = {"ac", "co", "com", "edu", "gov", "net", "or", "org"}
# Names of services that hand out the machine's own secrets to whoever can reach them.
_METADATA_NAMES = {
    "instance-data",
    "instance-data.ec2.internal",
    "metadata",
    "metadata.goog",
    "metadata.google.internal",
}
_METADATA_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.100.100.200/32",  # Alibaba Cloud
        "168.63.129.16/32",  # Azure's wire server
        "192.0.0.192/32",  # Oracle Cloud
        "fd00:ec2::/32",  # AWS
        "fd20:ce::254/128",  # Google Cloud
    )
)


@dataclass(frozen=True, slots=True)
class HostPattern:
    """`api.example.com`, or `*.example.com` for every name below it (not itself), and a port."""

    host: str
    port: int = HTTPS
    is_wildcard: bool = False

    def covers(self, host: str, port: int) -> bool:
        """Whether a canonical host and port are meant."""
        if port != self.port:
            return False
        return host.endswith(f".{self.host}") if self.is_wildcard else host == self.host

    def overlaps(self, other: HostPattern) -> bool:
        """Whether some host and port are covered by both."""
        if self.is_wildcard and other.is_wildcard and self.port == other.port:
            mine, theirs = f".{self.host}", f".{other.host}"
            return mine.endswith(theirs) or theirs.endswith(mine)
        if self.is_wildcard:
            return self.covers(other.host, other.port)
        return other.covers(self.host, self.port)

    @property
    def is_surely_private(self) -> bool:
        """Whether it can mean no public address: a loopback name, or an address that is not global."""
        if _is_address(self.host):
            return not ipaddress.ip_address(self.host).is_global
        return f".{self.host}".endswith(".localhost")

    @property
    def rank(self) -> tuple[bool, int]:
        """How specific it is: an exact name before any wildcard, a longer wildcard before a shorter."""
        return (not self.is_wildcard, len(self.host))

    def __str__(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        name = f"*.{name}" if self.is_wildcard else name
        return name if self.port == HTTPS else f"{name}:{self.port}"


def read_host_pattern(text: str) -> HostPattern:
    """`host`, `host:port`, `*.host` or `*.host:port`. Raises `DefinitionInvalid`."""
    lowered = text.lower()
    is_wildcard = lowered.startswith("*.")
    name, port = _split(lowered.removeprefix("*."))
    host = _canonical(name)
    if is_wildcard and (_is_address(host) or _is_sold_below(host)):
        raise DefinitionInvalid(f"the host {_quoted(text)} is a wildcard over names of many owners")
    return HostPattern(host, HTTPS if port is None else port, is_wildcard)


def read_exact_address(text: str) -> HostPattern | None:
    """`host:port` with both written out; None for anything else."""
    try:
        name, port = _split(text.lower())
        return None if port is None else HostPattern(_canonical(name), port)
    except DefinitionInvalid:
        return None


def _split(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        name, bracket, rest = text[1:].partition("]")
        if not bracket or ":" not in name or (rest and not rest.startswith(":")):
            raise DefinitionInvalid(f"{_quoted(text)} is not a host")
        return name, _port(rest[1:]) if rest else None
    name, separator, port = text.partition(":")
    return name, _port(port) if separator else None


def _port(text: str) -> int:
    if not _PORT.fullmatch(text) or int(text) > 65535:
        raise DefinitionInvalid(
            f"{_quoted(text)} is not a port; write it as 1 to 65535, without a scheme or path"
        )
    return int(text)


def _canonical(name: str) -> str:
    if ":" in name:
        return _address(name)
    host = name.removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise DefinitionInvalid(
            f"{_quoted(name)} is not a host name; write other alphabets as xn--, and no scheme or path"
        )
    if _NUMBER.fullmatch(labels[-1]):
        return _address(host)
    if host in _METADATA_NAMES:
        raise DefinitionInvalid(f"{_quoted(host)} is a metadata service and never gets a secret")
    return host


def _address(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise DefinitionInvalid(f"{_quoted(text)} is not an address") from None
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id or address.ipv4_mapped):
        raise DefinitionInvalid(f"{_quoted(text)} is not written as the address it stands for")
    listed = any(address in network for network in _METADATA_NETWORKS if network.version == address.version)
    if listed or address.is_link_local or address.is_multicast or address.is_unspecified:
        raise DefinitionInvalid(f"{_quoted(text)} is link-local, multicast or a metadata service")
    return str(address)


def _is_address(host: str) -> bool:
    return ":" in host or host.rpartition(".")[2].isdigit()


def _is_sold_below(host: str) -> bool:
    labels = host.split(".")
    if len(labels) == 1:
        return True
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SOLD_BELOW


def _quoted(text: str) -> str:
    """A stranger's text inside a message: short, and with nothing in it that moves a terminal's cursor."""
    return ascii(text[:80])
