"""The server's own log as a sink: mode `log` prints what would be sent, and nothing leaves."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from authsome.telemetry.sink import Outcome, Outgoing, Taken
from authsome.telemetry.sinks.posthog import payload

LOGGER = logging.getLogger("authsome.telemetry.log")


class LogSink:
    """Writes each event as PostHog would get it, one line of JSON at level INFO."""

    name = "log"
    destination = "the server's log"
    needs_consent = False

    def objection(self, fact: Outgoing) -> str | None:
        return payload.objection(fact)

    def render(self, facts: Sequence[Outgoing]) -> bytes:
        return payload.render(facts)

    async def send(self, facts: Sequence[Outgoing]) -> Outcome:
        for fact in facts:
            for event in payload.wire_events(fact):
                LOGGER.info("would send %s", payload.encode(event).decode())
        return Taken()

    async def close(self) -> None:
        """Holds nothing open."""
