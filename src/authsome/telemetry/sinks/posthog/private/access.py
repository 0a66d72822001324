"""Whether PostHog's private API can be asked, computed from the settings alone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from authsome.kit.secret import Secret
from authsome.telemetry.mode import ModeDecision, TelemetrySettings, forbidden, host_fault

KEY = "AUTHSOME_POSTHOG_PERSONAL_API_KEY"
PROJECT = "AUTHSOME_POSTHOG_PROJECT_ID"
HOST = "AUTHSOME_POSTHOG_API_HOST"
# Facts go to one host of PostHog's cloud and questions to another; a PostHog of one's own has one for both.
OF_THE_CLOUD = {"us.i.posthog.com": "us.posthog.com", "eu.i.posthog.com": "eu.posthog.com"}
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where PostHog's private API is, for which project, and with whose key."""

    host: str
    project_id: str
    key: Secret


@dataclass(frozen=True, slots=True)
class Unavailable:
    """PostHog is not asked. `because` is one line for an operator; `forbidden` says that no setting lacks."""

    because: str
    forbidden: bool = False


def find_access(settings: TelemetrySettings, decision: ModeDecision) -> Access | Unavailable:
    """What the settings allow: no socket for this either where the server's environment forbids sending."""
    if not decision.sends:
        return Unavailable(f"telemetry is {decision.mode}: {decision.because}")
    return _read(settings, decision)


def find_access_of_operator(settings: TelemetrySettings, decision: ModeDecision) -> Access | Unavailable:
    """The same for a command that an operator types: not only where facts leave, but nowhere that forbids it.

    Such a command sends no fact, so it may run from a machine that is no server (`docs/decisions`, 16).
    """
    because = forbidden(settings)
    return Unavailable(because, forbidden=True) if because else _read(settings, decision)


def _read(settings: TelemetrySettings, decision: ModeDecision) -> Access | Unavailable:
    key = settings.posthog_personal_api_key
    text = key.reveal().strip() if key else ""
    project_id = (settings.posthog_project_id or "").strip()
    missing = [name for name, value in ((KEY, text), (PROJECT, project_id)) if not value]
    if missing:
        return Unavailable(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set")
    host = (settings.posthog_api_host or "").strip().rstrip("/") or api_host(decision.host)
    wrong = _key_fault(text) or _project_fault(project_id) or host_fault(host, HOST)
    return Unavailable(wrong) if wrong else Access(host=host, project_id=project_id, key=Secret(text))


def api_host(ingestion_host: str) -> str:
    """The address of the private API that belongs to an ingestion address."""
    parts = urlsplit(ingestion_host)
    known = OF_THE_CLOUD.get(parts.netloc.lower())
    return f"https://{known}" if known else f"{parts.scheme}://{parts.netloc}"


def _key_fault(text: str) -> str | None:
    """Why this cannot be a personal key. What it is said of is never part of the sentence."""
    if text.startswith("phc_"):
        return f"{KEY} is a project's key; a personal one begins with phx_"
    if len(text) > LONGEST_KEY or not text.isascii() or not text.isprintable() or " " in text:
        return f"{KEY} is not a personal key: plain characters, usually phx_…"
    return None


def _project_fault(project_id: str) -> str | None:
    """It becomes part of a path, so it is a number and nothing else."""
    if project_id.isascii() and project_id.isdecimal() and len(project_id) <= 20:
        return None
    return f"{PROJECT} is not a number; PostHog shows it in the project's settings"
