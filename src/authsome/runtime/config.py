"""What the composition root wants to know. `server.config` reads it from the environment."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Protocol

from authsome.kit.secret import Secret
from authsome.telemetry.mode import TelemetrySettings


class RuntimeConfig(Protocol):
    """The settings of an installation, already checked."""

    @property
    def home(self) -> Path: ...
    @property
    def server_home(self) -> Path: ...
    @property
    def base_url(self) -> str: ...
    @property
    def database_url(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def installation_key(self) -> Secret | None: ...
    @property
    def installation_key_file(self) -> Path | None: ...
    @property
    def upstream_ca_file(self) -> Path | None: ...
    @property
    def telemetry_settings(self) -> TelemetrySettings: ...
    @property
    def pending_per_address(self) -> int: ...
    @property
    def pending_in_all(self) -> int: ...
    @property
    def trusted_proxies(self) -> Sequence[IPv4Network | IPv6Network]: ...
