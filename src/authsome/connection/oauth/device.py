"""A provider's device authorization address (RFC 8628), as connections see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from authsome.connection.oauth.client import Credentials
from authsome.connection.oauth.endpoint import NotGranted
from authsome.kit.secret import Secret
from authsome.provider.model import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRequest:
    """Whom to ask for a code, as whom, and what for (§3.1)."""

    provider: Provider
    client: Credentials
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """§3.2. `code` is SECRET; the rest is for the person to see, and for nobody else."""

    code: Secret
    user_code: str
    verification_uri: str
    verification_uri_complete: str | None
    expires_in: timedelta
    interval_seconds: int


@dataclass(frozen=True, slots=True)
class Unsafe:
    """The page that the provider names is none that a person should be sent to."""


class DeviceEndpoint(Protocol):
    """Asks over the network. Never within a unit of work."""

    async def ask_device(self, request: DeviceRequest) -> DeviceCode | NotGranted | Unsafe: ...
