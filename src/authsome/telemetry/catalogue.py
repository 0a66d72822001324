"""Every event there is: found by importing each noun's `events` module, so that no list can lag behind."""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from enum import Enum
from importlib import resources
from typing import Any, get_args, get_origin, get_type_hints

from authsome.kit.caller import ActorKind
from authsome.kit.event import EVENTS, Event
from authsome.telemetry.project import MAY_LEAVE

JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}

# What issue 428 found in use. None of these is sent any more; two histories meet in an Action there.
OLD_NAMES: dict[str, str] = {
    "principal_registered": "account_registered",
    "principal_logged_in": "account_logged_in",
    "principal_logged_out": "account_logged_out",
    "identity_registered": "identity registered",
    "identity_claimed": "identity_claimed",
    "auth_session_completed": "auth session completed",
    "auth_session_failed": "auth session failed",
    "provider_registered": "provider registered",
    "provider_deleted": "provider deleted",
    "provider_configuration_updated": "provider configuration updated",
    "connection_logged_out": "connection logout",
    "connection_revoked": "connection revoked",
    "connection_shared": "connection made global",
    "connection_unshared": "global connection removed",
    "credentials_exported": "credentials exported",
    "credentials_used": "credentials resolved",
}

# What the projection adds to each event.
COMMON: dict[str, dict[str, Any]] = {
    "installation_id": {"type": "string", "pattern": "^srv_"},
    "actor_kind": {"type": "string", "enum": [kind.value for kind in ActorKind]},
}


def events() -> dict[str, type[Event]]:
    """Every event by its wire name, in alphabetical order."""
    for module in _event_modules():
        importlib.import_module(module)
    shipped = {name: event for name, event in EVENTS.items() if event.__module__.startswith("authsome.")}
    return dict(sorted(shipped.items()))


def schema(event: type[Event]) -> dict[str, Any]:
    """JSON Schema of the properties that the event is sent with. No other property may be there."""
    hints = get_type_hints(event)
    properties = dict(COMMON)
    required = list(COMMON)
    for field in sent_fields(event):
        properties[field.name] = _json_type(hints[field.name])
        if field.default is MISSING and type(None) not in get_args(hints[field.name]):
            required.append(field.name)
    return {
        "title": event.name,
        "type": "object",
        "properties": properties,
        "required": sorted(required),
        "additionalProperties": False,
    }


def sent_fields(event: type[Event]) -> list[Field[Any]]:
    """The event's fields that may leave, in the order of the class."""
    return [field for field in fields(event) if event.privacy[field.name] in MAY_LEAVE]  # type: ignore[arg-type]


def field_types(event: type[Event]) -> dict[str, dict[str, Any]]:
    """The JSON type of each field of the event, those that never leave included."""
    hints = get_type_hints(event)
    return {field: _json_type(hints[field]) for field in event.privacy}


def digest() -> str:
    """SHA-256 over names, fields, types and privacy classes: a consent window says what it was given for."""
    said = {name: {"schema": schema(event), "privacy": outline()[name]} for name, event in events().items()}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def outline() -> dict[str, dict[str, str]]:
    """Each event with the privacy class of each of its fields: what a window's hash stands for, in short."""
    return {
        name: {field: privacy.value for field, privacy in event.privacy.items()}
        for name, event in events().items()
    }


def _event_modules() -> Iterator[str]:
    for folder in sorted(resources.files("authsome").iterdir(), key=lambda entry: entry.name):
        if folder.is_dir() and (folder / "events.py").is_file():
            yield f"authsome.{folder.name}.events"


def _json_type(hint: Any) -> dict[str, Any]:
    members = [m for m in get_args(hint) if m is not type(None)] if get_origin(hint) else [hint]
    kinds = [_member(member) for member in members]
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _member(kind: Any) -> dict[str, Any]:
    if issubclass(kind, Enum):
        return {"type": "string", "enum": [member.value for member in kind]}
    return {"type": JSON_TYPES[kind]}
