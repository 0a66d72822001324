"""Persons: found and deleted by their distinct_ids.

Source: `posthog/api/person.py`. The traps of the real one are here too:

- A person is deleted at once, their events are *queued*: at a time of PostHog's choosing (`run_deletions`)
  those go that were captured before the request.
- Events whose distinct_id has no person are not found by it, and stay.
- What arrives later under a deleted distinct_id is stored, and gets no person any more.
"""

from __future__ import annotations

from authsome.testing.posthog.ingestion import Person, person_id
from authsome.testing.posthog.private.endpoint import Answered, Ask, Endpoint, Json, invalid

MOST = 1_000
FLAGS = ("delete_events", "delete_recordings", "keep_person")


def find(ask: Ask) -> Answered:
    """`GET persons/?distinct_id=…`; without it every person, which Authsome never asks for."""
    wanted = ask.query.get("distinct_id")
    found = [p for p in ask.ingestion.persons.values() if wanted in (None, p.distinct_id)]
    return Answered(
        document={"next": None, "previous": None, "results": [_serialised(person) for person in found]}
    )


def bulk_delete(ask: Ask) -> Answered:
    """`POST persons/bulk_delete/`: 202, with what was found. Finding nobody is no error."""
    distinct_ids, ids = (_texts(ask.document, name) for name in ("distinct_ids", "ids"))
    if distinct_ids and ids:
        raise invalid("You must provide either distinct_ids or ids, not both")
    for name, values in (("distinct_ids", distinct_ids), ("ids", ids)):
        if len(values) > MOST:
            raise invalid(f"You can only pass {MOST} {name} in one call")
    if not distinct_ids and not ids:
        raise invalid("You need to specify either distinct_ids or ids")
    events, recordings, keep = (bool(ask.document.get(flag)) for flag in FLAGS)
    named = set(distinct_ids) or set(ids)
    found = [
        person
        for person in ask.ingestion.persons.values()
        if person.distinct_id in named or str(person_id(person.distinct_id)) in named
    ]
    for person in found:
        ask.ingestion.delete(person.distinct_id, events=events, keep_person=keep)
    return Answered(
        status=202,
        document={
            "persons_found": len(found),
            "persons_deleted": 0 if keep else len(found),
            "events_queued_for_deletion": events and bool(found),
            "recordings_queued_for_deletion": recordings and bool(found),
            "deletion_errors": [],
        },
    )


def _texts(document: Json, name: str) -> list[str]:
    values = document.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise invalid("Expected a list of strings.", attr=name)
    return values


def _serialised(person: Person) -> Json:
    return {
        "id": str(person_id(person.distinct_id)),
        "uuid": str(person_id(person.distinct_id)),
        "name": person.distinct_id,
        "distinct_ids": [person.distinct_id],
        "properties": dict(person.properties),
    }


ENDPOINTS = (
    Endpoint(method="GET", path="persons", scope="person:read", answer=find),
    Endpoint(method="POST", path="persons/bulk_delete", scope="person:write", answer=bulk_delete),
)
