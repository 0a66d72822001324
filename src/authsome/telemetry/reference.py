"""The reference of events for people, generated from the classes: `docs/reference/events.md`."""

from __future__ import annotations

import inspect
from enum import Enum
from typing import Any, get_args, get_type_hints

from authsome.kit.event import Event, Subject
from authsome.telemetry import catalogue, golden

HEAD = """\
# Events

<!-- Generated from the event classes by `make docs`. -->

Every fact that Authsome records, what it carries, and where its fields may go. How these reach PostHog,
as whom, and how to turn that on or off is in the [telemetry guide](../guides/telemetry.md); one complete
payload of each is in [payloads.json](payloads.json), and as it leaves with keyed pseudonyms and the group in
[payloads.keyed.json](payloads.keyed.json).

- **public**: may leave as it is.
- **pseudonym**: may leave; an opaque id that the server made, or a name only your team gave. Where the
  operator asks for that, a keyed pseudonym leaves in its place.
- **local**: audit and built-in pages only; never sent, and erasable.

Every event is sent with `installation_id` and `actor_kind` (principal, identity or server) besides.

"""
SUBJECTS = {
    Subject.PRINCIPAL: "the principal (`principal_id`)",
    Subject.IDENTITY: "the identity (`identity_handle`)",
    Subject.SERVER: "the installation (`installation_id`)",
    Subject.ACTOR: "whoever acted: identity, principal or server",
}


def generated() -> dict[str, str]:
    """The files that `make docs` writes for telemetry."""
    return {
        "docs/reference/events.md": events_markdown(),
        "docs/reference/payloads.json": golden.payloads_json(),
        "docs/reference/payloads.keyed.json": golden.payloads_json(golden.KEYED),
    }


def events_markdown() -> str:
    """The page, with a table of all events and a section for each."""
    events = catalogue.events()
    rows = [
        f"| [`{name}`](#{name}) | {_old_name(name)} | {_purpose(event)} |" for name, event in events.items()
    ]
    table = ["| event | name before issue 428 | what it is for |", "|---|---|---|", *rows]
    return HEAD + "\n".join(table) + "\n\n" + "\n".join(_section(event) for event in events.values())


def _section(event: type[Event]) -> str:
    lines = [
        f"## {event.name}",
        "",
        inspect.cleandoc(event.__doc__ or ""),
        "",
        f"Subject: {SUBJECTS[event.subject]}. {_once(event)}",
        "",
        "| field | values | privacy |",
        "|---|---|---|",
    ]
    hints = get_type_hints(event)
    lines += [
        f"| `{field}` | {_values(hints[field])} | {privacy.value} |"
        for field, privacy in event.privacy.items()
    ]
    return "\n".join(lines) + "\n"


def _once(event: type[Event]) -> str:
    if event.keyed_by:
        return f"Happens once per `{event.keyed_by}`, from which its uuid is computed."
    return "May happen again; its uuid is computed from the id of the fact."


def _purpose(event: type[Event]) -> str:
    return f"audit only: {event.audit_only}" if event.audit_only else "counting"


def _old_name(name: str) -> str:
    old = catalogue.OLD_NAMES.get(name)
    return f"`{old}`" if old else "(new)"


def _values(hint: Any) -> str:
    members = get_args(hint) or (hint,)
    words = [_kind(member) for member in members if member is not type(None)]
    return " or ".join(words) + (", optional" if type(None) in members else "")


def _kind(kind: type) -> str:
    if issubclass(kind, Enum):
        return ", ".join(f"`{member.value}`" for member in kind)
    return {str: "text", int: "number", float: "number", bool: "yes or no"}[kind]
