"""Whether anything may leave: computed once at start, from the environment alone.

Three things together turn it on (a production server, a key, and nobody forbidding it), and any one
turns it off. What cannot be understood is off, because a typing error must never be consent.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from authsome.kit.secret import Secret

DEFAULT_HOST = "https://us.i.posthog.com"
PRODUCTION = "prod"
LONGEST_KEY = 64  # PostHog refuses a longer one


class Capture(StrEnum):
    """Which of PostHog's capture APIs facts are sent to."""

    V0 = "v0"  # one answer for a batch; every PostHog has it
    V1 = "v1"  # an answer for each event; not every self-hosted PostHog has it


class Mode(StrEnum):
    """What happens to facts beyond the audit."""

    OFF = "off"  # no sink and no rollups
    LOCAL = "local"  # rollups and built-in pages; nothing leaves
    LOG = "log"  # what would be sent is written to the server's log; nothing leaves
    ON = "on"  # facts inside consent windows are sent


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetrySettings:
    """The settings that decide, as the operator gave them; None is unset.

    `env` is AUTHSOME_ENV, `telemetry` AUTHSOME_TELEMETRY, `do_not_track` AUTHSOME_DO_NOT_TRACK and
    `global_do_not_track` DO_NOT_TRACK. `posthog_capture` names a `Capture`; `pseudonyms` asks for keyed
    ones, `group` for a group per principal. The three in between are for PostHog's private API
    (`sinks/posthog/private`), and decide nothing here. `file` is where every fact is written as well,
    unless the mode is off.
    """

    env: str | None = None
    telemetry: str | None = None
    posthog_api_key: Secret | None = None
    posthog_host: str = DEFAULT_HOST
    posthog_capture: str = Capture.V0
    posthog_personal_api_key: Secret | None = None
    posthog_project_id: str | None = None
    posthog_api_host: str | None = None
    pseudonyms: bool = False
    group: bool = False
    file: Path | None = None
    do_not_track: str | None = None
    global_do_not_track: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeDecision:
    """The mode, why it is that one, in which form facts leave, and what the operator should hear at start."""

    mode: Mode
    because: str
    host: str
    capture: Capture = Capture.V0
    pseudonyms: bool = False
    group: bool = False
    warnings: tuple[str, ...] = field(default=())

    @property
    def sends(self) -> bool:
        return self.mode is Mode.ON


def forbids(value: str | None) -> bool:
    """Whether a do-not-track variable forbids: any value but empty, `0` and `false` does."""
    return (value or "").strip().lower() not in ("", "0", "false")


def forbidden(settings: TelemetrySettings) -> str | None:
    """What forbids even what a person asks for and what carries no fact, or None."""
    if forbids(settings.do_not_track):
        return "AUTHSOME_DO_NOT_TRACK forbids it"
    if forbids(settings.global_do_not_track):
        return "DO_NOT_TRACK forbids it"
    decision = decide_mode(settings)
    return decision.because if decision.mode is Mode.OFF else None


def decide_mode(settings: TelemetrySettings) -> ModeDecision:
    """The mode under these settings. Never raises: what is wrong becomes a warning and less telemetry."""
    return replace(_decide(settings), pseudonyms=settings.pseudonyms, group=settings.group)


def _decide(settings: TelemetrySettings) -> ModeDecision:
    host = settings.posthog_host.strip().rstrip("/") or DEFAULT_HOST
    asked = (settings.telemetry or "").strip().lower()
    if asked:
        return _asked_for(asked, host)
    missing = _missing(settings)
    if missing:
        return ModeDecision(mode=Mode.LOCAL, because=missing, host=host)
    wrong = _key_fault(settings.posthog_api_key) or host_fault(host) or _capture_fault(settings)
    if wrong:
        return ModeDecision(
            mode=Mode.LOCAL, because=wrong, host=host, warnings=(f"Nothing is sent: {wrong}.",)
        )
    return ModeDecision(
        mode=Mode.ON,
        because=f"AUTHSOME_ENV is {PRODUCTION}, AUTHSOME_POSTHOG_API_KEY is set and nothing forbids it",
        host=host,
        capture=Capture(settings.posthog_capture.strip().lower()),
    )


def host_fault(host: str, name: str = "AUTHSOME_POSTHOG_HOST") -> str | None:
    """Why nothing can be sent to this host, or None. Plain HTTP is for loopback only."""
    try:
        parts = urlsplit(host)
        hostname, _port = parts.hostname, parts.port
    except ValueError:
        return f"{name} is not an address"
    if parts.scheme not in ("https", "http") or not hostname:
        return f"{name} must begin with https:// and name a host"
    if parts.username is not None or parts.query or parts.fragment:
        return f"{name} must hold a host and nothing secret: no log-in, query or fragment"
    if parts.scheme == "http" and not is_loopback(hostname):
        return f"{name} is plain http, which is for this machine only: use https"
    return None


def is_loopback(hostname: str) -> bool:
    """Whether the name can only mean this machine."""
    if hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(hostname).is_loopback
    except ValueError:
        return False


def _asked_for(asked: str, host: str) -> ModeDecision:
    if asked in (Mode.OFF, Mode.LOCAL, Mode.LOG):
        return ModeDecision(mode=Mode(asked), because=f"AUTHSOME_TELEMETRY is {asked}", host=host)
    because = "AUTHSOME_TELEMETRY has a value that is not off, local or log"
    warning = f"{because}, so telemetry is off. To send, unset it and set AUTHSOME_ENV=prod and a key."
    return ModeDecision(mode=Mode.OFF, because=because, host=host, warnings=(warning,))


def _missing(settings: TelemetrySettings) -> str | None:
    if forbids(settings.do_not_track):
        return "AUTHSOME_DO_NOT_TRACK forbids it"
    if forbids(settings.global_do_not_track):
        return "DO_NOT_TRACK forbids it"
    if settings.env != PRODUCTION:
        return f"AUTHSOME_ENV is not {PRODUCTION}"
    if settings.posthog_api_key is None or not settings.posthog_api_key.reveal().strip():
        return "AUTHSOME_POSTHOG_API_KEY is not set"
    return None


def _capture_fault(settings: TelemetrySettings) -> str | None:
    if settings.posthog_capture.strip().lower() in tuple(Capture):
        return None
    return f"AUTHSOME_POSTHOG_CAPTURE is neither {Capture.V0} nor {Capture.V1}"


def _key_fault(key: Secret | None) -> str | None:
    """Why PostHog would refuse the key. A personal key opens the whole account, so it is never sent."""
    text = key.reveal() if key else ""
    name = "AUTHSOME_POSTHOG_API_KEY"
    if text.startswith("phx_"):
        return f"{name} is a personal key; the project's key begins with phc_"
    if len(text) > LONGEST_KEY or not text.isascii() or not text.isprintable() or " " in text:
        return f"{name} is not a project key: up to {LONGEST_KEY} plain characters, usually phc_…"
    return None
