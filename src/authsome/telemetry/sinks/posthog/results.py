"""What PostHog's newer capture API says of each event, and what that means for the facts.

    ok         taken
    warning    taken, and PostHog says something about it
    limited    taken, but it did not update its person: too many events of that `distinct_id` at once
    drop       refused for good; a dead letter
    retry      not taken; send this one again

An event without a result counts as taken, as PostHog's own libraries have it: to send it again for ever
would stop the lane, and a loss that no answer shows is for `reconcile` to find.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from authsome.telemetry.sink import Outcome, Outgoing, PauseLane, RetryLater, Sorted, Taken
from authsome.telemetry.sinks.posthog import payload_v1

DROP = "drop"
RETRY = "retry"
LONGEST_DETAILS = 200


def sort_results(facts: Sequence[Outgoing], text: str, *, retry_after: float | None = None) -> Outcome:
    """The outcome of a batch that was answered with 200. A fact is as well off as the worst of its events."""
    results = _results(text)
    if results is None:
        return PauseLane("the answer is not that of PostHog's v1 capture: unset AUTHSOME_POSTHOG_CAPTURE")
    refused: dict[str, str] = {}
    later: dict[str, str] = {}
    for fact in facts:
        said = [_word(results, event["uuid"]) for event in payload_v1.wire_events(fact)]
        if dropped := next((reason for word, reason in said if word == DROP), None):
            refused[fact.event_id] = dropped
        elif put_off := next((reason for word, reason in said if word == RETRY), None):
            later[fact.event_id] = put_off
    if len(later) == len(facts):
        return RetryLater(next(iter(later.values())), retry_after)
    return Sorted(refused=refused, later=later) if refused or later else Taken()


def _results(text: str) -> Mapping[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    results = document.get("results") if isinstance(document, dict) else None
    return results if isinstance(results, dict) else None


def _word(results: Mapping[str, Any], uuid: str) -> tuple[str, str]:
    """The result of one event, and it with its details as one line fit for a log."""
    entry = results.get(uuid)
    if not isinstance(entry, dict):
        return "", ""
    word, details = str(entry.get("result")), str(entry.get("details") or "")[:LONGEST_DETAILS]
    said = f"{word}: {details}" if details else word
    return word, "".join(c if c.isprintable() else " " for c in said)
