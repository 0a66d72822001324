"""What is next to be sent: read from the log, filtered by consent, identified and projected.

Relay and preview share this, so a preview shows what the relay does and not what somebody thinks it does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from authsome.identity.model import Identity
from authsome.kit.caller import ActorKind
from authsome.principal.model import Principal
from authsome.store.event_log import LoggedEvent
from authsome.store.view import View
from authsome.telemetry.identify import DESCRIBES, SubjectUnusable
from authsome.telemetry.project import EventUnknown, place, project
from authsome.telemetry.sink import Form, Outgoing

Allowed = Callable[[LoggedEvent], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A fact that can never be sent as it is, and why."""

    position: int
    event_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """A stretch of the log, sorted. With `facts` sent and `refused` noted, all up to `upto` is done."""

    facts: tuple[Outgoing, ...]
    refused: tuple[Refusal, ...]
    upto: int
    head: int


def read_portion(
    view: View, *, installation_id: str, after: int, limit: int, allowed: Allowed, form: Form
) -> Portion:
    """The next `limit` rows of the log behind `after`, as far as they are `allowed`."""
    rows = view.event_log.after(after, limit)
    facts: list[Outgoing] = []
    refused: list[Refusal] = []
    for row in rows:
        if not allowed(row):
            continue
        sorted_row = _prepare(view, row, installation_id=installation_id, form=form)
        if isinstance(sorted_row, Refusal):
            refused.append(sorted_row)
        else:
            facts.append(sorted_row)
    upto = place(rows[-1]) if rows else after
    return Portion(facts=tuple(facts), refused=tuple(refused), upto=upto, head=view.event_log.head())


def _prepare(view: View, row: LoggedEvent, *, installation_id: str, form: Form) -> Outgoing | Refusal:
    try:
        fact = project(row, installation_id=installation_id, current=_current(view, row))
    except (EventUnknown, SubjectUnusable) as error:
        return Refusal(position=place(row), event_id=row.id, reason=f"{error.code}: {error.detail}")
    objection = form.objection(fact)
    if objection:
        return Refusal(position=place(row), event_id=row.id, reason=f"not_sendable: {objection}")
    return fact


def _current(view: View, row: LoggedEvent) -> Principal | Identity | None:
    """The row that the fact is about as it is now, where the fact says something about its person."""
    if row.name not in DESCRIBES:
        return None
    if row.subject_kind == ActorKind.PRINCIPAL:
        return view.principals.find(row.subject_id)
    return view.identities.find_by_handle(row.subject_id)
