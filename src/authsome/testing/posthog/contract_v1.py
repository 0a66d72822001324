"""What PostHog's newer capture API, `POST /i/v1/analytics/events`, refuses, and what it says of each event.

Source: the capture service's `v1/analytics/{types,process,constants}.rs`. Where it was silent (the headers'
exact form), this is the stricter reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from authsome.testing.posthog.contract import (
    MIB,
    CapturedBatch,
    CapturedEvent,
    Refused,
    checked_token,
    parse,
    unpack,
)

PATH = "/i/v1/analytics/events"
BODY_LIMIT = 10 * MIB  # packed
PLAIN_LIMIT = 50 * MIB
LONGEST = 200  # of an event's name and of a distinct_id
OPTIONS: dict[str, type] = {
    "cookieless_mode": bool,
    "disable_skew_correction": bool,
    "process_person_profile": bool,
    "product_tour_id": str,
}
ILLEGAL = frozenset(
    "anonymous guest distinctid distinct_id id not_authenticated email undefined true false null none nan 0 "
    "system".split()
) | {"[object object]"}
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_SDK = re.compile(r"[^/\s]+/\S+")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedBatch:
    """A request that was understood: the events that are taken, and the result of every one by its uuid."""

    batch: CapturedBatch
    results: dict[str, Json]


def capture_v1(headers: Mapping[str, str], body: bytes) -> SortedBatch:
    """Understand one request or raise `Refused`. `headers` have lower-case names."""
    token = _token(headers)
    sent_at = _checked_headers(headers)
    document = _document(headers, body)
    created_at, raw_events = document.get("created_at"), document.get("batch")
    if not isinstance(raw_events, list) or not isinstance(created_at, str):
        raise _bad("invalid body: missing field `batch` or `created_at`")
    if not raw_events:
        raise _bad("empty batch")
    if not is_instant(created_at):
        raise _bad(f"created_at is not valid RFC 3339: {created_at}")
    for raw in raw_events:
        _check_form(raw)
    _check_uuids(raw_events)
    faults = {raw["uuid"]: fault(raw) for raw in raw_events}
    info = headers["posthog-sdk-info"].partition("/")
    events = tuple(_event(raw, library=info[0]) for raw in raw_events if not faults[raw["uuid"]])
    return SortedBatch(
        batch=CapturedBatch(token=token, sent_at=sent_at, historical=False, events=events),
        results={
            uuid: {"result": "drop", "details": why} if why else {"result": "ok"}
            for uuid, why in faults.items()
        },
    )


def fault(raw: Json) -> str | None:
    """Why this one event is dropped while the others are taken."""
    if not raw["event"]:
        return "missing_event_name"
    if len(raw["event"].encode()) > LONGEST:
        return "event_name_too_long"
    if not raw["distinct_id"]:
        return "missing_distinct_id"
    if len(raw["distinct_id"].encode()) > LONGEST:
        return "distinct_id_too_large"
    if raw["distinct_id"].strip().lower() in ILLEGAL:
        return "invalid_distinct_id"
    if not is_instant(raw["timestamp"]):
        return "invalid_event_timestamp"
    if not isinstance(raw["properties"], dict):
        return "malformed_event_properties"
    return "event_too_big" if len(json.dumps(raw).encode()) > MIB else None


def is_instant(text: str) -> bool:
    """Whether the text is a time with its offset, as RFC 3339 writes it."""
    if not _RFC3339.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _token(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise Refused(401, "missing or malformed Authorization header")
    return checked_token(token.strip())


def _checked_headers(headers: Mapping[str, str]) -> str:
    """The time of sending, once every header has its form."""
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refused(415, "unsupported content type")
    for name in ("posthog-sdk-info", "posthog-attempt", "posthog-request-id", "posthog-request-timestamp"):
        if not headers.get(name):
            raise _bad(f"missing required header: {name}")
    if not _SDK.fullmatch(headers["posthog-sdk-info"]):
        raise _bad("invalid header: posthog-sdk-info")
    attempt = headers["posthog-attempt"]
    if not attempt.isdecimal() or int(attempt) < 1:
        raise _bad("invalid header: posthog-attempt")
    try:
        UUID(headers["posthog-request-id"])
    except ValueError as error:
        raise _bad("invalid header: posthog-request-id") from error
    if not is_instant(headers["posthog-request-timestamp"]):
        raise _bad("invalid header: posthog-request-timestamp")
    return headers["posthog-request-timestamp"]


def _document(headers: Mapping[str, str], body: bytes) -> Json:
    if len(body) > BODY_LIMIT:
        raise Refused(413, "payload too large")
    encoding = headers.get("content-encoding", "identity").lower()
    if encoding not in ("identity", "gzip"):
        raise Refused(415, f"unsupported content encoding: {encoding}")
    plain = unpack(body, limit=PLAIN_LIMIT) if encoding == "gzip" else body
    document = parse(plain)
    if not isinstance(document, dict):
        raise _bad("invalid body: expected an object")
    return document


def _check_form(raw: Any) -> None:
    """What refuses the whole batch: a field that is missing or has another type, a wrong option."""
    if not isinstance(raw, dict):
        raise _bad("invalid body: expected an object")
    for field in ("event", "uuid", "distinct_id", "timestamp"):
        if not isinstance(raw.get(field), str):
            raise _bad(f"invalid body: {field}: expected a string")
    if "properties" not in raw:
        raise _bad("invalid body: missing field `properties`")
    options = raw.get("options", {})
    if not isinstance(options, dict):
        raise _bad("invalid body: options: expected a map")
    for name, value in options.items():
        if name not in OPTIONS or not isinstance(value, OPTIONS[name] | None):
            raise _bad(f"invalid body: options.{name}: wrong name or type")


def _check_uuids(raw_events: list[Json]) -> None:
    seen: set[UUID] = set()
    for raw in raw_events:
        try:
            uuid = UUID(raw["uuid"])
        except ValueError as error:
            raise _bad(f"invalid event uuid: {raw['uuid']}") from error
        if uuid in seen:
            raise _bad(f"duplicate event uuid: {raw['uuid']}")
        seen.add(uuid)


def _event(raw: Json, *, library: str) -> CapturedEvent:
    """The event as the older API would have had it, so that what is stored is decided in one place."""
    options = raw.get("options", {})
    properties = {**raw["properties"], "$lib": library}
    if options.get("process_person_profile") is False:
        properties["$process_person_profile"] = False
    if options.get("disable_skew_correction") is True:
        properties["$ignore_sent_at"] = True
    return CapturedEvent(
        name=raw["event"],
        distinct_id=raw["distinct_id"],
        uuid=UUID(raw["uuid"]),
        timestamp=raw["timestamp"],
        offset=None,
        properties=properties,
    )


def _bad(text: str) -> Refused:
    return Refused(400, text)
