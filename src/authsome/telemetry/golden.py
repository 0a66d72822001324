"""One made-up fact per event, and what PostHog would get of it: to be read, diffed and checked in.

A change to what leaves shows up in `docs/reference/payloads.json`, and for keyed pseudonyms and the group in
`payloads.keyed.json`, where a reviewer sees it.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from enum import Enum
from typing import Any, get_args, get_type_hints

from authsome.identity.model import Identity, IdentityState
from authsome.kit.caller import ActorKind
from authsome.kit.event import Event, Scalar, Subject
from authsome.principal.model import Principal, PrincipalState, Role
from authsome.store.event_log import LoggedEvent
from authsome.telemetry import catalogue
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.naming.terms import PLAIN, Terms
from authsome.telemetry.project import project
from authsome.telemetry.sinks.posthog import payload
from authsome.vault.installation_key import InstallationKey

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
TAIL = "01kdsnh000abcdefghjkmnpqrs"
PRINCIPAL = f"prn_{TAIL}"
HANDLE = "brisk-amber-otter-4821"
INSTALLATION = f"srv_{TAIL}"
DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
OLD_DID = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"
SUBJECTS = {"principal": PRINCIPAL, "identity": HANDLE, "server": INSTALLATION}
KNOWN = {
    "principal_id": PRINCIPAL,
    "identity_handle": HANDLE,
    "did": DID,
    "previous_did": OLD_DID,
    "provider": "github",
}
SAMPLE_KEY = PseudonymKey(InstallationKey(bytes(32)))
KEYED = Terms(key_id=SAMPLE_KEY.id, group=True)
TYPICAL: dict[type, Scalar] = {str: "text", int: 1, float: 1.5, bool: True}


def sample(event: type[Event]) -> dict[str, Scalar]:
    """Plausible values for every field of the event that may leave; optional ones are given too."""
    hints = get_type_hints(event)
    return {field.name: _typical(field.name, hints[field.name]) for field in catalogue.sent_fields(event)}


def sample_fact(event: type[Event]) -> LoggedEvent:
    """A fact of this kind, as the log would hold it."""
    kind = ActorKind.PRINCIPAL if event.subject is Subject.ACTOR else ActorKind(event.subject.value)
    return LoggedEvent(
        position=1,
        id=f"evt_{TAIL}",
        uuid=str(uuid.uuid5(uuid.NAMESPACE_URL, event.name)),
        name=event.name,
        version=event.version,
        occurred_at=MOMENT,
        subject_kind=kind.value,
        subject_id=SUBJECTS[kind],
        actor_kind=kind.value,
        actor_id=SUBJECTS[kind],
        fields=dict(sample(event)),
        digests={},
    )


def payloads_json(terms: Terms = PLAIN) -> str:
    """What PostHog gets for each event under these terms, as one readable document."""
    payloads: dict[str, list[dict[str, Any]]] = {}
    for name, event in catalogue.events().items():
        fact = sample_fact(event)
        sent = project(
            fact, installation_id=INSTALLATION, current=_current(fact), terms=terms, key=SAMPLE_KEY
        )
        payloads[name] = payload.wire_events(sent)
    return json.dumps(payloads, indent=2, sort_keys=True) + "\n"


def _typical(name: str, hint: Any) -> Scalar:
    kind = next((member for member in get_args(hint) if member is not type(None)), hint)
    if issubclass(kind, Enum):
        return str(next(iter(kind)).value)
    if kind is str and name in KNOWN:
        return KNOWN[name]
    return f"{name[:3]}_{TAIL}" if kind is str and name.endswith("_id") else TYPICAL[kind]


def _current(fact: LoggedEvent) -> Principal | Identity | None:
    if fact.subject_kind == ActorKind.PRINCIPAL:
        return Principal(
            id=PRINCIPAL, email="", role=Role.MEMBER, state=PrincipalState.ACTIVE, created_at=MOMENT
        )
    if fact.subject_kind == ActorKind.IDENTITY:
        owner = None if fact.name == "identity_released" else PRINCIPAL
        state = IdentityState.CLAIMED if owner else IdentityState.RELEASED
        return Identity(
            id=f"idn_{TAIL}", did=DID, handle=HANDLE, state=state, created_at=MOMENT, principal_id=owner
        )
    return None
