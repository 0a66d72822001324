"""What PostHog's capture service refuses, as pure functions from bytes to events.

Source: the capture service's `v0_request.rs`, `v0_endpoint.rs`, `token.rs` and `api.rs`. The texts are
the real ones, because a sender's operator reads them in the log.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

MIB = 1024 * 1024
BATCH_LIMIT = 20 * MIB
SINGLE_LIMIT = 2 * MIB
EVENT_LIMIT = 1_000_000  # bytes; the queue behind the capture service takes no larger message
DISTINCT_ID_LENGTH = 200
TOKEN_LENGTH = 64
GZIP_MAGIC = b"\x1f\x8b\x08"

Json = dict[str, Any]


class Refused(Exception):
    """The service's answer to a request that it does not take."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedEvent:
    """One event as the capture service understood it."""

    name: str
    distinct_id: str
    uuid: UUID | None
    timestamp: str | None
    offset: int | None
    properties: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedBatch:
    """A whole request that was understood."""

    token: str
    sent_at: str | None
    historical: bool
    events: tuple[CapturedEvent, ...]


def capture(body: bytes, *, limit: int = BATCH_LIMIT) -> CapturedBatch:
    """Understand one request body or raise `Refused`. `limit` is in bytes, also after unpacking."""
    document = parse(unpack(body, limit=limit))
    raw_events, envelope = _envelope(document)
    if not raw_events:
        raise Refused(400, "request holds no event")
    for raw in raw_events:
        _check_form(raw)
    token = _token(raw_events, envelope)
    return CapturedBatch(
        token=token,
        sent_at=envelope.get("sent_at"),
        historical=envelope.get("historical_migration") is True,
        events=tuple(_event(raw) for raw in raw_events),
    )


def unpack(body: bytes, *, limit: int) -> bytes:
    """The body, unpacked when it starts like gzip: the header is not asked, the bytes decide."""
    if len(body) > limit:
        raise Refused(413, "length limit exceeded")
    if not body.startswith(GZIP_MAGIC):
        return body
    decoder = zlib.decompressobj(wbits=31)
    try:
        plain = decoder.decompress(body, limit + 1)
    except zlib.error as error:
        raise Refused(400, f"failed to decode request: {error}") from error
    if len(plain) > limit:
        raise Refused(413, "length limit exceeded")
    if not decoder.eof:
        raise Refused(400, "failed to decode request: unexpected end of file")
    return plain


def parse(plain: bytes) -> Any:
    """JSON as Rust's parser takes it."""
    try:
        return json.loads(plain.decode("utf-8"), parse_constant=_not_json)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused(400, f"failed to parse request: {error}") from error


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")  # Python's parser would take NaN and Infinity


def _envelope(document: Any) -> tuple[list[Json], Json]:
    """The raw events and what stands around them. Three forms: a batch, a list, one event."""
    if isinstance(document, list):
        return [_object(raw) for raw in document], {}
    envelope = _object(document)
    if "batch" not in envelope:
        return [envelope], envelope
    batch = envelope["batch"]
    if not isinstance(batch, list):
        raise _unparsed("batch: expected a sequence")
    if not isinstance(envelope.get("historical_migration"), bool | None):
        raise _unparsed("historical_migration: expected a boolean")
    if not isinstance(envelope.get("sent_at"), str | None):
        raise _unparsed("sent_at: expected a string")
    return [_object(raw) for raw in batch], envelope


def _object(value: Any) -> Json:
    if not isinstance(value, dict):
        raise _unparsed("expected an object")
    return value


def _check_form(raw: Json) -> None:
    """What the service's parser refuses before it looks at any meaning."""
    if "event" not in raw:
        raise _unparsed("missing field `event`")
    if not isinstance(raw["event"], str):
        raise _unparsed("event: expected a string")
    for field in ("properties", "$set", "$set_once"):
        if not isinstance(raw.get(field), dict | None):
            raise _unparsed(f"{field}: expected a map")
    if not isinstance(raw.get("timestamp"), str | None):
        raise _unparsed("timestamp: expected a string")
    if isinstance(raw.get("offset"), bool) or not isinstance(raw.get("offset"), int | None):
        raise _unparsed("offset: expected i64")
    _uuid(raw)
    cookieless = (raw.get("properties") or {}).get("$cookieless_mode")
    if not isinstance(cookieless, bool | None):
        raise _unparsed("$cookieless_mode: expected a boolean")


def _uuid(raw: Json) -> UUID | None:
    value = raw.get("uuid")
    if value is None or value == "":
        return None
    try:
        return UUID(value) if isinstance(value, str) else _never_a_uuid()
    except ValueError as error:
        raise _unparsed(f"UUID parsing failed: {error}") from error


def _never_a_uuid() -> UUID:
    raise ValueError("expected a string")


def _token(raw_events: list[Json], envelope: Json) -> str:
    named = envelope.get("api_key") or envelope.get("token")
    if "batch" in envelope:
        tokens = {named} if named else set()
    else:
        tokens = {token for raw in raw_events if (token := _own_token(raw))}
    if not tokens:
        raise Refused(401, "event submitted without an api_key")
    if len(tokens) > 1:
        raise Refused(401, "batch submitted with inconsistent api_key values")
    token = tokens.pop()
    if not isinstance(token, str):
        raise _unparsed("api_key: expected a string")
    return checked_token(token.strip())


def _own_token(raw: Json) -> Any:
    properties = raw.get("properties") or {}
    return raw.get("token") or raw.get("api_key") or raw.get("$token") or properties.get("token")


def checked_token(token: str) -> str:
    """`token.rs`: the form only. Whether a project has this key is not asked, so a wrong one is taken."""
    faults = {
        "empty": not token,
        "too_long": len(token) > TOKEN_LENGTH,
        "not_ascii": not token.isascii(),
        "personal_api_key": token.startswith("phx_"),
        "null_byte": "\0" in token,
    }
    for name, holds in faults.items():
        if holds:
            raise Refused(401, f"API key is not valid: {name}")
    return token


def _event(raw: Json) -> CapturedEvent:
    properties = dict(raw.get("properties") or {})
    if not raw["event"]:
        raise Refused(400, "event submitted with an empty event name")
    distinct_id = _distinct_id(raw, properties)
    if len(json.dumps(raw).encode()) > EVENT_LIMIT:
        raise Refused(400, "maximum event size exceeded")
    for verb in ("$set", "$set_once"):  # the only two that are read beside `properties`
        if raw.get(verb):
            properties[verb] = {**raw[verb], **properties.get(verb, {})}
    return CapturedEvent(
        name=raw["event"],
        distinct_id=distinct_id,
        uuid=_uuid(raw),
        timestamp=raw.get("timestamp"),
        offset=raw.get("offset"),
        properties=properties,
    )


def _distinct_id(raw: Json, properties: Json) -> str:
    for value in (raw.get("distinct_id"), raw.get("$distinct_id"), properties.get("distinct_id")):
        text = value if isinstance(value, str) else ("" if value is None else json.dumps(value))
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
        if text.strip():
            return text[:DISTINCT_ID_LENGTH]
    raise Refused(400, "event submitted without a distinct_id")


def _unparsed(why: str) -> Refused:
    return Refused(400, f"failed to parse request: {why}")
