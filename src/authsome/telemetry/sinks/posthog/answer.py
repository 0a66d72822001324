"""What PostHog's answers mean.

The answer table, from PostHog's capture service:

    200 with JSON     taken, as far as it can be known: a wrong key and an exceeded quota answer the same
    400               the whole batch is refused because of at least one event
    413               too large
    401 402 403       key, bill or project: only an operator can change it
    408 429 5xx       later, not before `Retry-After`; so are all failures of the network
    all else          this is not PostHog, or not its capture address. A redirect is not followed: it would
                      hand key and facts to whoever it names
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

from authsome.telemetry.sink import Outcome, PauseLane, Rejected, RetryLater, Taken, TooLarge

LONGEST_REASON = 200
LONGEST_WAIT = 3600.0
PAUSES = frozenset({401, 402, 403})
RETRIES = frozenset({408, 429})


def understand(status: int, text: str, *, retry_after: float | None = None) -> Outcome:
    """What PostHog's answer means for the batch."""
    if 200 <= status < 300:
        if text.lstrip().startswith("{"):
            return Taken()
        return PauseLane("the answer is not PostHog's: is AUTHSOME_POSTHOG_HOST right?")
    reason = f"{status} {_printable(text)}".strip()
    if status == 400:
        return Rejected(reason)
    if status == 413:
        return TooLarge()
    if status in RETRIES or status >= 500:
        return RetryLater(reason, retry_after)
    if status in PAUSES:
        return PauseLane(reason)
    if 300 <= status < 400:
        return PauseLane(
            f"{status}: redirects are not followed; set AUTHSOME_POSTHOG_HOST to the final address"
        )
    return PauseLane(f"{status}: is AUTHSOME_POSTHOG_HOST an ingestion address?")


def seconds_from(retry_after: str | None, *, now: datetime) -> float | None:
    """The header as seconds from `now`: a number or a date (RFC 9110 §10.2.3). At most an hour."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        wait = (moment - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)


def _printable(text: str) -> str:
    """One line, fit for a log: what a host says is not trusted either."""
    return "".join(c if c.isprintable() else " " for c in text[:LONGEST_REASON]).strip()
