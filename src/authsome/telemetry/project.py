"""What of a fact may leave: a projection by allow-list, never a scrubbed copy.

A field leaves because its class says `Public` or `Pseudonym`. The log's row holds no `Local` values to
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
from authsome.telemetry.sink import Outgoing

MAY_LEAVE = frozenset({Privacy.PUBLIC, Privacy.PSEUDONYM})


class EventUnknown(BrokenError):
    """The fact is of a kind that this version does not know, so nothing of it may leave."""

    code = "event_unknown"
    hint = "upgrade this server to the version that wrote the fact"


def project(
    fact: LoggedEvent, *, installation_id: str, current: Principal | Identity | None = None
) -> Outgoing:
    """The part of the fact that may leave. Raises `EventUnknown` or `SubjectUnusable`."""
    who = identify(fact, current)
    return Outgoing(
        position=place(fact),
        event_id=fact.id,
        uuid=fact.uuid,
        name=fact.name,
        occurred_at=fact.occurred_at,
        distinct_id=who.distinct_id,
        personless=who.personless,
        fields=_allowed(fact) | {"installation_id": installation_id, "actor_kind": fact.actor_kind},
        person=who.person,
    )


def place(fact: LoggedEvent) -> int:
    """The fact's position; for a reader there are no facts without one."""
    if fact.position is None:
        raise ValueError(f"{fact.id} has no position yet")
    return fact.position


def _allowed(fact: LoggedEvent) -> dict[str, Scalar]:
    event = EVENTS.get(fact.name)
    if event is None:
        raise EventUnknown
    return {
        field: fact.fields[field]
        for field, privacy in event.privacy.items()
        if privacy in MAY_LEAVE and fact.fields.get(field) is not None
    }
