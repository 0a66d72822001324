"""What of a fact may leave: a projection by allow-list, never a scrubbed copy.

A field leaves because its class says `Public` or `Pseudonym`; the latter in the words of the terms under
which the fact leaves. The log's row holds no `Local` values to
begin with; that is not relied on here. A field or event that the catalogue does not know does not leave,
as when a newer server wrote it.
"""

from __future__ import annotations

from authsome.identity.model import Identity
from authsome.kit.errors import BrokenError
from authsome.kit.event import EVENTS, Privacy, Scalar
from authsome.principal.model import Principal
from authsome.store.event_log import LoggedEvent
from authsome.telemetry.identify import identify
from authsome.telemetry.naming.pseudonyms import FIELDS, Kind, Naming, PseudonymKey
from authsome.telemetry.naming.terms import PLAIN, Terms
from authsome.telemetry.sink import Outgoing

MAY_LEAVE = frozenset({Privacy.PUBLIC, Privacy.PSEUDONYM})


class EventUnknown(BrokenError):
    """The fact is of a kind that this version does not know, so nothing of it may leave."""

    code = "event_unknown"
    hint = "upgrade this server to the version that wrote the fact"


def project(
    fact: LoggedEvent,
    *,
    installation_id: str,
    current: Principal | Identity | None = None,
    terms: Terms = PLAIN,
    key: PseudonymKey | None = None,
) -> Outgoing:
    """The part of the fact that may leave, under the terms of its consent window.

    Raises `EventUnknown`, `SubjectUnusable` or `PseudonymKeyGone`.
    """
    naming = terms.naming(key)
    who = identify(fact, current, naming=naming)
    fields = _allowed(fact, naming)
    return Outgoing(
        position=place(fact),
        event_id=fact.id,
        uuid=terms.uuid(key, fact.uuid),
        name=fact.name,
        occurred_at=fact.occurred_at,
        distinct_id=who.distinct_id,
        personless=who.personless,
        fields=fields | {"installation_id": installation_id, "actor_kind": fact.actor_kind},
        person=who.person,
        group=_group(fields) if terms.group and not who.personless else None,
    )


def place(fact: LoggedEvent) -> int:
    """The fact's position; for a reader there are no facts without one."""
    if fact.position is None:
        raise ValueError(f"{fact.id} has no position yet")
    return fact.position


def _allowed(fact: LoggedEvent, naming: Naming) -> dict[str, Scalar]:
    event = EVENTS.get(fact.name)
    if event is None:
        raise EventUnknown
    return {
        field: naming(FIELDS.get(field, Kind.OTHER), str(fact.fields[field]))
        if privacy is Privacy.PSEUDONYM
        else fact.fields[field]
        for field, privacy in event.privacy.items()
        if privacy in MAY_LEAVE and fact.fields.get(field) is not None
    }


def _group(fields: dict[str, Scalar]) -> str | None:
    """The principal of the fact, by its own name or its pseudonym, as the property says it."""
    principal = fields.get("principal_id")
    return str(principal) if principal is not None else None
