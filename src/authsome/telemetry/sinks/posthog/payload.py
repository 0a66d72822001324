"""The wire form of a fact in PostHog's capture API, and the check before it is sent.

- No `sent_at`: PostHog would shift the stored time by how long each try took, and then a fact that was
  sent twice is two. Its duplicates are merged by (uuid, day, event, `distinct_id`).
- `$ip` is a constant, for otherwise the server's own address is stored; `$geoip_disable` for the same reason.
- Person properties travel in a `$set` event of their own. On the fact itself, a late second delivery would
  overwrite what is newer.
- A group is a key and nothing more. `$groupidentify` would give it properties, which no count needs and an
  erasure would have to find again.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from authsome.kit.clock import rfc3339
from authsome.telemetry.sink import Outgoing, PersonChange

LIBRARY = "authsome"
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - a value in an event; nothing listens on it
SET_EVENT = "$set"
GROUP = "principal"  # the only type of group; a project has five
MASKED_KEY = "phc_…"
LARGEST_EVENT = 900 * 1024  # bytes; PostHog's own library refuses larger ones, its server from 1 MB
LONGEST_NAME = 200

_ENCODER = json.JSONEncoder(  # made once: `json.dumps` makes one for each call
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_DISTINCT_ID = re.compile(r"[a-z][a-z0-9_-]{3,199}")
_NOT_UNICODE = re.compile(r"[\ud800-\udfff]")
_SUSPECT = re.compile(r"[@:\0\ud800-\udfff]")  # what one of the faults below needs; most have none
_PERSONAL = re.compile(r"\S@\S|\w://")  # no repetition: it runs in linear time on any text

Wire = dict[str, Any]


def wire_events(fact: Outgoing) -> list[Wire]:
    """The fact as PostHog reads it, and behind it what it changes in its person, if anything."""
    properties: Wire = {**fact.fields, **_constants()}
    if fact.personless:
        properties["$process_person_profile"] = False
    if fact.group is not None:
        properties["$groups"] = {GROUP: fact.group}
    events = [_event(fact, fact.name, fact.uuid, properties)]
    if fact.person is not None:
        change = {**_person(fact.person), **_constants()}
        events.append(_event(fact, SET_EVENT, str(uuid5(UUID(fact.uuid), SET_EVENT)), change))
    return events


def body(key: str, facts: Sequence[Outgoing]) -> bytes:
    """The request body, in one spelling: the same facts give the same bytes."""
    batch = [event for fact in facts for event in wire_events(fact)]
    return encode({"api_key": key, "batch": batch})


def render(facts: Sequence[Outgoing]) -> bytes:
    """The request body as people may see it: the exact bytes but for the key."""
    return body(MASKED_KEY, facts)


def encode(value: Any) -> bytes:
    """JSON in one spelling. Raises ValueError for what JSON cannot say."""
    return _ENCODER.encode(value).encode()


def objection(fact: Outgoing) -> str | None:
    """Why PostHog would refuse the fact or must not have it, or None."""
    if not _NAME.fullmatch(fact.name) or len(fact.name) > LONGEST_NAME:
        return "the event's name has the wrong form"
    if not _DISTINCT_ID.fullmatch(fact.distinct_id):
        return "the distinct_id has the wrong form"
    if not _UUID.fullmatch(fact.uuid):
        return "the uuid is none"
    for field, value in fact.fields.items():
        wrong = _value_fault(value)
        if wrong:
            return f"the field {field} {wrong}"
    if fact.most_bytes <= LARGEST_EVENT:
        return None
    size = max(len(encode(event)) for event in wire_events(fact))
    return f"the event is larger than {LARGEST_EVENT} bytes" if size > LARGEST_EVENT else None


def _event(fact: Outgoing, name: str, uuid: str, properties: Wire) -> Wire:
    return {
        "event": name,
        "distinct_id": fact.distinct_id,
        "uuid": uuid,
        "timestamp": rfc3339(fact.occurred_at),
        "properties": properties,
    }


def _constants() -> Wire:
    return {"$lib": LIBRARY, "$ip": NO_ADDRESS, "$geoip_disable": True}


def _person(change: PersonChange) -> Wire:
    verbs = {"$set": dict(change.set), "$set_once": dict(change.set_once), "$unset": list(change.unset)}
    return {verb: value for verb, value in verbs.items() if value}


def _value_fault(value: object) -> str | None:
    """The last door. Nothing that the projection did not allow comes this far; it is shut all the same."""
    if isinstance(value, str):
        if not _SUSPECT.search(value):
            return None
        if _PERSONAL.search(value):
            return "looks like an e-mail or a URL"
        if _NOT_UNICODE.search(value):
            return "is not Unicode"
        return "holds a null character" if "\0" in value else None
    if isinstance(value, float) and not math.isfinite(value):
        return "is not a finite number"
    return None if isinstance(value, str | int | float | bool) else "is not a plain value"
