"""Post a batch to PostHog's newer capture API, which answers for each event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from authsome import __version__
from authsome.kit.clock import rfc3339
from authsome.telemetry.sink import Outcome, Outgoing, PauseLane
from authsome.telemetry.sinks.posthog import payload, payload_v1
from authsome.telemetry.sinks.posthog.answer import understand
from authsome.telemetry.sinks.posthog.results import sort_results
from authsome.telemetry.sinks.posthog.send import PostHogSink, Request

PATH = "/i/v1/analytics/events"
NOT_THERE = "404: this PostHog has no v1 capture; unset AUTHSOME_POSTHOG_CAPTURE"


@dataclass(slots=True)
class _Tries:
    """How often the latest batch was tried, and when first."""

    request_id: str
    created_at: str
    count: int = 0


class PostHogV1Sink(PostHogSink):
    """The same lane as `PostHogSink`: cursor, consent and dead letters are PostHog's, whichever API it is."""

    _tries: _Tries | None = None

    def render(self, facts: Sequence[Outgoing]) -> bytes:
        return payload_v1.render(facts)

    def _request(self, facts: Sequence[Outgoing]) -> Request:
        tries, now = self._next_try(facts), rfc3339(self._clock.now())
        headers = {
            "Authorization": f"Bearer {self._key.reveal().strip()}",
            "PostHog-Sdk-Info": f"{payload.LIBRARY}/{__version__}",
            "PostHog-Attempt": str(tries.count),
            "PostHog-Request-Id": tries.request_id,
            "PostHog-Request-Timestamp": now,
        }
        return Request(PATH, payload_v1.body(facts, created_at=tries.created_at), headers)

    def _understand(
        self, facts: Sequence[Outgoing], status: int, text: str, *, retry_after: float | None
    ) -> Outcome:
        if status == 200:
            return sort_results(facts, text, retry_after=retry_after)
        if status == 404:
            return PauseLane(NOT_THERE)
        return understand(status, text, retry_after=retry_after)

    def _next_try(self, facts: Sequence[Outgoing]) -> _Tries:
        request_id = payload_v1.request_id(facts)
        if self._tries is None or self._tries.request_id != request_id:
            self._tries = _Tries(request_id, rfc3339(self._clock.now()))
        self._tries.count += 1
        return self._tries
