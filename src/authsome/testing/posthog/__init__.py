"""A strict PostHog: the capture APIs of the real one (v0 and v1), on a loopback port.

    with PostHogSimulator() as posthog:
        …  send to posthog.url with posthog.key …
        assert [event.name for event in posthog.events] == ["principal_registered"]

It holds to what PostHog's capture service does, also where that is inconvenient: one malformed event
refuses the whole batch, a wrong key and an exceeded quota answer 200 and the events are gone, a missing
`$ip` is filled from the socket, `sent_at` shifts the time that is stored. `taken` is every event as it
arrived; `events` is what remains once PostHog has merged duplicates. Every request is kept byte for byte,
so that a test can search for what must never leave.

Merging of persons is not simulated: Authsome never merges, and `merges` lists the attempts.

To teach it a rule of the real one: a rule about what is refused goes to `contract` (v1: `contract_v1`), one
about what is stored to `ingestion`, with its source in the comment.
"""

from __future__ import annotations

from authsome.testing.posthog.contract import Refused
from authsome.testing.posthog.ingestion import Ingestion, Person, StoredEvent
from authsome.testing.posthog.misbehaviour import (
    Answer,
    Drop,
    Hang,
    Judge,
    Lie,
    Misbehaviour,
    Redirect,
    Slow,
)
from authsome.testing.posthog.record import RecordedRequest, read_record
from authsome.testing.posthog.simulator import PostHogSimulator

__all__ = [
    "Answer",
    "Drop",
    "Hang",
    "Ingestion",
    "Judge",
    "Lie",
    "Misbehaviour",
    "Person",
    "PostHogSimulator",
    "RecordedRequest",
    "Redirect",
    "Refused",
    "Slow",
    "StoredEvent",
    "read_record",
]
