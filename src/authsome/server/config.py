"""The settings of a server, from its environment. The only module that reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from authsome.kit.forwarded import Network, read_networks
from authsome.kit.loopback import names_loopback
from authsome.kit.secret import Secret
from authsome.store.database import sqlite_url
from authsome.telemetry.mode import DEFAULT_HOST, Capture, TelemetrySettings, decide_mode

_HOST = re.compile(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+")
Port = Annotated[int, Field(ge=0, le=65535)]


class ServerConfig(BaseSettings):
    """Every variable begins with `AUTHSOME_`, except `DO_NOT_TRACK`. An unknown one is ignored."""

    model_config = SettingsConfigDict(env_prefix="AUTHSOME_", extra="ignore", frozen=True)

    home: Path = Field(default=Path("~/.authsome"), description="Where everything of Authsome lies.")
    env: str = Field(default="dev", description="`prod` is one of the conditions for sending to PostHog.")
    host: str = Field(default="127.0.0.1", description="The address that API and pages listen on.")
    port: Port = Field(default=7998, description="The port of the API and the pages.")
    proxy_port: Port = Field(default=7999, description="The port of the proxy, on 127.0.0.1 alone.")
    proxy_tls_port: int | None = Field(
        default=None, ge=0, le=65535, description="A port of the proxy for agents on other machines, by TLS."
    )
    proxy_tls_host: str = Field(
        default="0.0.0.0",  # noqa: S104 - naming the port is the operator's choice to be reached
        description="The address that it listens on; `::` is every address of both families.",
    )
    proxy_tls_name: str = Field(
        default="", description="The name that they reach it by; by default the host of the base URL."
    )
    base_url: str = Field(default="", description="The one origin; by default http://localhost and the port.")
    trusted_proxies_text: str = Field(
        default="",
        validation_alias=AliasChoices("AUTHSOME_TRUSTED_PROXIES"),
        description="Reverse proxies whose `X-Forwarded-For` is believed: addresses and networks, by commas.",
    )
    database_url: str = Field(default="", description="PostgreSQL, if given; by default SQLite in the home.")
    time_zone: str = Field(default="UTC", description="The time zone in which analytics cuts days.")
    installation_key_value: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("AUTHSOME_INSTALLATION_KEY"),
        description="32 random bytes in base64 that wrap every vault's key.",
    )
    installation_key_file: Path | None = Field(default=None, description="A file with that key.")
    upstream_ca_file: Path | None = Field(
        default=None, description="Further roots for the proxy's connections to providers (PEM)."
    )
    posthog_api_key_value: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("AUTHSOME_POSTHOG_API_KEY"),
        description="The project key that events are sent with.",
    )
    posthog_host: str = Field(default=DEFAULT_HOST, description="Where events are sent.")
    posthog_capture: str = Field(
        default=Capture.V0,
        description="Which of PostHog's capture APIs: `v0`, or `v1` with an answer for each event.",
    )
    posthog_personal_api_key_value: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("AUTHSOME_POSTHOG_PERSONAL_API_KEY"),
        description="A personal key, to ask PostHog to delete persons and to compare its counts.",
    )
    posthog_project_id: str | None = Field(default=None, description="The number of PostHog's project.")
    posthog_api_host: str | None = Field(
        default=None, description="Where its private API is; by default found from AUTHSOME_POSTHOG_HOST."
    )
    telemetry: str | None = Field(default=None, description="`off`, `local` or `log`; wins over all else.")
    telemetry_pseudonyms: bool = Field(
        default=False,
        description="Whether principals, identities and custom providers leave under keyed pseudonyms.",
    )
    telemetry_group: bool = Field(
        default=False, description="Whether facts also count for a PostHog group `principal`."
    )
    telemetry_file: Path | None = Field(
        default=None, description="A file that gets every fact as one line of JSON; nothing leaves by it."
    )
    do_not_track: str | None = Field(default=None, description="Anything but empty, 0 or false forbids.")
    global_do_not_track: str | None = Field(
        default=None,
        validation_alias=AliasChoices("DO_NOT_TRACK"),
        description="The same, as all programs know it.",
    )
    pending_per_address: int = Field(
        default=20, ge=1, description="Registrations that may wait, per address."
    )
    pending_in_all: int = Field(default=1_000, ge=1, description="Registrations that may wait, in all.")

    @field_validator("home")
    @classmethod
    def _expand(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("telemetry_pseudonyms", "telemetry_group", mode="before")
    @classmethod
    def _empty_is_no(cls, value: object) -> object:
        return value or False  # as Compose passes a variable that is not set

    @field_validator("trusted_proxies_text")
    @classmethod
    def _networks(cls, text: str) -> str:
        read_networks(text)
        return text

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"no such time zone: {name!r}; use a name such as Europe/Berlin")
        return ZoneInfo(name).key

    @model_validator(mode="after")
    def _origin(self) -> ServerConfig:
        if not self.base_url:
            object.__setattr__(self, "base_url", f"http://localhost:{self.port}")
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
            raise ValueError("AUTHSOME_BASE_URL is scheme and host, such as https://authsome.example.org")
        object.__setattr__(self, "base_url", f"{parts.scheme}://{parts.netloc.lower()}")
        self._name_the_proxy(parts.scheme, parts.hostname or "")
        if not self.database_url:
            object.__setattr__(self, "database_url", sqlite_url(self.server_home))
        return self

    def _name_the_proxy(self, scheme: str, host: str) -> None:
        if self.proxy_tls_port is not None and scheme == "http" and not names_loopback(host):
            raise ValueError(
                "AUTHSOME_PROXY_TLS_PORT needs an AUTHSOME_BASE_URL with https://; "
                "what agents learn by plain http proves nothing"
            )
        if not self.proxy_tls_name:
            object.__setattr__(self, "proxy_tls_name", host)

    @field_validator("proxy_tls_name")
    @classmethod
    def _host_alone(cls, name: str) -> str:
        if name.strip("[]") and not _HOST.fullmatch(name.strip("[]")):
            raise ValueError("give a name or an address alone, such as authsome.example.org")
        return name.strip("[]").lower()

    @property
    def server_home(self) -> Path:
        """What only the server's user may read."""
        return self.home / "server"

    @property
    def trusted_proxies(self) -> tuple[Network, ...]:
        return read_networks(self.trusted_proxies_text)

    @property
    def installation_key(self) -> Secret | None:
        value = self.installation_key_value
        return Secret(value.get_secret_value()) if value else None

    @property
    def posthog_api_key(self) -> Secret | None:
        return _secret(self.posthog_api_key_value)

    @property
    def posthog_personal_api_key(self) -> Secret | None:
        return _secret(self.posthog_personal_api_key_value)

    @property
    def telemetry_settings(self) -> TelemetrySettings:
        """What decides the mode of telemetry."""
        return TelemetrySettings(
            env=self.env,
            telemetry=self.telemetry,
            posthog_api_key=self.posthog_api_key,
            posthog_host=self.posthog_host,
            posthog_capture=self.posthog_capture,
            posthog_personal_api_key=self.posthog_personal_api_key,
            posthog_project_id=self.posthog_project_id,
            posthog_api_host=self.posthog_api_host,
            pseudonyms=self.telemetry_pseudonyms,
            group=self.telemetry_group,
            file=self.telemetry_file.expanduser().absolute() if self.telemetry_file else None,
            do_not_track=self.do_not_track,
            global_do_not_track=self.global_do_not_track,
        )

    @property
    def analytics_enabled(self) -> bool:
        """The rule of issue 428: production, a key, and nobody forbids."""
        return decide_mode(self.telemetry_settings).sends


def _secret(value: SecretStr | None) -> Secret | None:
    """None where the variable is set to nothing, as Compose does for one that its own environment lacks."""
    return Secret(value.get_secret_value()) if value and value.get_secret_value() else None
