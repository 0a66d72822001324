"""Facts as the log hands them out, for tests that need no database."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from authsome.identity.model import Identity, IdentityState
from authsome.kit.event import EVENTS
from authsome.principal.model import Principal, PrincipalState, Role
from authsome.store.event_log import LoggedEvent
from authsome.telemetry import catalogue, golden

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRINCIPAL = "prn_01k9000000abcdefghjkmnpqrs"
HANDLE = "brisk-amber-otter-4821"
INSTALLATION = "srv_01k9000000abcdefghjkmnpqrs"
DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
SUBJECTS = {"principal": PRINCIPAL, "identity": HANDLE, "server": INSTALLATION}


def fact(name: str, **changes: Any) -> LoggedEvent:
    """A fact with this name; its subject is a principal unless told otherwise."""
    kind = changes.pop("subject_kind", "principal")
    values: dict[str, Any] = {
        "position": 1,
        "id": "evt_1",
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "name": name,
        "version": 1,
        "occurred_at": NOON,
        "subject_kind": kind,
        "subject_id": SUBJECTS.get(kind, ""),
        "actor_kind": "principal",
        "actor_id": PRINCIPAL,
        "fields": {},
        "digests": {},
    }
    return LoggedEvent(**(values | changes))


def principal(role: Role = Role.ADMIN) -> Principal:
    return Principal(
        id=PRINCIPAL, email="ada@example.org", role=role, state=PrincipalState.ACTIVE, created_at=NOON
    )


def identity(principal_id: str | None) -> Identity:
    return Identity(
        id="idn_1",
        did=DID,
        handle=HANDLE,
        state=IdentityState.CLAIMED if principal_id else IdentityState.RELEASED,
        created_at=NOON,
        principal_id=principal_id,
    )


def names() -> st.SearchStrategy[str]:
    """The name of any event there is."""
    return st.sampled_from(sorted(catalogue.events()))


def sample_fields(name: str) -> dict[str, Any]:
    """Plausible values for the fields of an event that the log holds."""
    return dict(golden.sample(EVENTS[name]))
