"""The wire form of facts in PostHog's newer capture API, `POST /i/v1/analytics/events`.

An event is the same as in `payload`, except that what steers its processing stands in `options`, checked by
type (a wrong one refuses the batch), and that the sender names itself in a header instead of `$lib`.

`disable_skew_correction` does what leaving out `sent_at` does there: without it, PostHog shifts each event's
time by the difference of the two clocks, anew on every try, and what was sent twice is two.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from authsome.telemetry.sink import Outgoing
from authsome.telemetry.sinks.posthog import payload
from authsome.telemetry.sinks.posthog.payload import Wire, encode

MASKED_TIME = "(when it is first tried)"
HEADER_LIBRARY = "$lib"
NO_PERSON = "$process_person_profile"

objection = payload.objection


def wire_events(fact: Outgoing) -> list[Wire]:
    """The fact as this API reads it, and behind it what it changes in its person, if anything."""
    return [_with_options(event) for event in payload.wire_events(fact)]


def body(facts: Sequence[Outgoing], *, created_at: str) -> bytes:
    """The request body; `created_at` is when the batch was put together, and the same on every try."""
    batch = [event for fact in facts for event in wire_events(fact)]
    return encode({"created_at": created_at, "batch": batch})


def render(facts: Sequence[Outgoing]) -> bytes:
    """The request body as people may see it: the exact bytes but for the time. The key is in a header."""
    return body(facts, created_at=MASKED_TIME)


def request_id(facts: Sequence[Outgoing]) -> str:
    """The same for the same facts, so on every try, also after a restart."""
    return str(uuid5(UUID(facts[0].uuid), ",".join(fact.uuid for fact in facts)))


def _with_options(event: Wire) -> Wire:
    properties = dict(event["properties"])
    del properties[HEADER_LIBRARY]
    person = properties.pop(NO_PERSON, True)
    options = {"process_person_profile": person, "disable_skew_correction": True}
    return event | {"properties": properties, "options": options}
