"""What is next to be sent: read from the log, filtered by consent, identified and projected.

Relay and preview share this, so a preview shows what the relay does and not what somebody thinks it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from authsome.identity.model import Identity
from authsome.kit.caller import ActorKind
from authsome.principal.model import Principal
from authsome.store.event_log import LoggedEvent
from authsome.store.view import View
from authsome.telemetry.consent import TermsFor
from authsome.telemetry.identify import DESCRIBES, SubjectUnusable
from authsome.telemetry.naming.pseudonyms import PseudonymKey, PseudonymKeyGone
from authsome.telemetry.naming.terms import Terms
from authsome.telemetry.project import EventUnknown, place, project
from authsome.telemetry.sink import Form, Outgoing


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose facts are sent: the installation, and the key of its pseudonyms."""

    installation_id: str
    key: PseudonymKey | None = None


def read_portion(
    view: View, *, origin: Origin, after: int, limit: int, terms_for: TermsFor, form: Form
) -> Portion:
    """The next `limit` rows of the log behind `after`, as far as there are terms for them."""
    rows = view.event_log.after(after, limit)
    prepared = prepare_all(view, rows, origin=origin, terms_for=terms_for, form=form)
    return Portion(
        facts=tuple(one for one in prepared if isinstance(one, Outgoing)),
        refused=tuple(one for one in prepared if isinstance(one, Refusal)),
        upto=place(rows[-1]) if rows else after,
        head=view.event_log.head(),
    )


def prepare_all(
    view: View, rows: Sequence[LoggedEvent], *, origin: Origin, terms_for: TermsFor, form: Form
) -> list[Outgoing | Refusal]:
    """Each row as it would be sent, as far as there are terms for it.

    What is about somebody erased, or names them, is passed over: it is not sent any more.
    """
    erased = view.erasures.among({who for row in rows for who in row.people})
    return [
        prepare(view, row, origin=origin, terms=terms, form=form)
        for row in rows
        if row.people.isdisjoint(erased) and (terms := terms_for(row)) is not None
    ]


def prepare(view: View, row: LoggedEvent, *, origin: Origin, terms: Terms, form: Form) -> Outgoing | Refusal:
    """The fact as it would be sent, or why it cannot be."""
    try:
        fact = project(
            row,
            installation_id=origin.installation_id,
            current=_current(view, row),
            terms=terms,
            key=origin.key,
        )
    except (EventUnknown, SubjectUnusable, PseudonymKeyGone) as error:
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
