"""What PostHog's private API answers, as values.

2xx with JSON     it did so, or queued it
408 429 5xx       later, not before `Retry-After`; so are all failures of the network
401 402 403       key, bill, scope or project: only an operator can change it
3xx               not followed: the key would go to whoever it names
400 404 405 …     this very call is wrong, or what it names is not there
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from authsome.telemetry.sinks.posthog.answer import PAUSES, RETRIES

LONGEST_REASON = 200
THROTTLED = 429


@dataclass(frozen=True, slots=True)
class Answered:
    """PostHog did what was asked. `document` is its answer's JSON, None where it said nothing."""

    document: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """PostHog understood and refuses this call; the same call again is refused again."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """Asking on is pointless until an operator changes something."""

    reason: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """Ask the same again, not before `after` seconds if that is given.

    It may have been done or not, unless it is `untouched`: refused before anything was looked at.
    """

    reason: str
    after: float | None = None
    untouched: bool = False


Answer = Answered | Refused | NotAllowed | TryLater

NOT_POSTHOG = NotAllowed("the answer is not PostHog's: is AUTHSOME_POSTHOG_API_HOST right?")


def understand(status: int, text: str, *, retry_after: float | None = None) -> Answer:
    """What PostHog's answer means for the call."""
    if 200 <= status < 300:
        return _document(text)
    reason = f"{status} {_said(text)}".strip()
    if status in RETRIES or status >= 500:
        return TryLater(reason, retry_after, untouched=status == THROTTLED)
    if status in PAUSES:
        return NotAllowed(reason)
    if 300 <= status < 400:
        return NotAllowed(
            f"{status}: redirects are not followed; set AUTHSOME_POSTHOG_API_HOST to the final address"
        )
    return Refused(status, reason)


def _document(text: str) -> Answer:
    if not text.strip():
        return Answered(None)
    try:
        return Answered(json.loads(text))
    except (ValueError, RecursionError):
        return NOT_POSTHOG


def _said(text: str) -> str:
    """The `detail` of PostHog's error document, else the text: one line, fit for a log and a page."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    detail = document.get("detail") if isinstance(document, dict) else None
    said = str(detail) if detail else text
    return "".join(c if c.isprintable() else " " for c in said[:LONGEST_REASON]).strip()
