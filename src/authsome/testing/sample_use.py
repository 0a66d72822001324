"""What sample agents do with what they were granted: counted requests, first uses, and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from authsome.connection.first_use import note_first_use
from authsome.connection.model import UseOutcome
from authsome.connection.usage import HourOfUse, credentials_used
from authsome.grant.model import Reason
from authsome.grant.note_denial import note_denial
from authsome.identity.model import Identity
from authsome.kit.caller import Caller, RequestOutcome, Surface
from authsome.kit.clock import MICROSECOND, rfc3339
from authsome.store.unit_of_work import UnitOfWork
from authsome.telemetry.events import RequestsServed

HOUR = timedelta(hours=1)
REASONS = {Reason.NOT_GRANTED: 6, Reason.HOST_NOT_COVERED: 4, Reason.NOT_CONNECTED: 2}


def record_an_hour(
    work: UnitOfWork, identity: Identity, connection_ids: Sequence[str], *, owner: Caller, random: Random
) -> None:
    """One hour of an agent at work, as it is told when the hour is over. At most one for each hour."""
    connections = [found for one in connection_ids if (found := work.connections.find(one)) and found.is_live]
    for connection in connections:
        note_first_use(work, connection_id=connection.id, identity=identity)
        for outcome, count in _outcomes(random).items():
            hour = work.now.replace(minute=0, second=0, microsecond=0)
            use = HourOfUse(
                hour=hour,
                identity=identity,
                principal_id=connection.principal_id,
                connection=connection,
                surface=Surface.PROXY,
                outcome=outcome,
                count=count,
            )
            work.record_at(credentials_used(use), hour + HOUR - MICROSECOND)
    for surface, most in ((Surface.CLI, 9), (Surface.API, 4), (Surface.PAGE, 3)):
        if random.random() < 0.6:
            person, count = owner if surface is Surface.PAGE else None, random.randint(1, most)
            _serve(work, identity, surface, count, person=person)
    if random.random() < 0.12:
        (reason,) = random.choices(list(REASONS), list(REASONS.values()))
        note_denial(work, identity=identity, reason=reason, host="api.sample.invalid")


def _outcomes(random: Random) -> dict[UseOutcome, int]:
    """Nearly all that is sent gets an answer."""
    found = {UseOutcome.DELIVERED: random.randint(5, 60)}
    for outcome, chance in (
        (UseOutcome.CREDENTIAL_REJECTED, 0.06),
        (UseOutcome.REFUSED, 0.05),
        (UseOutcome.UPSTREAM_FAILED, 0.15),
    ):
        if random.random() < chance:
            found[outcome] = random.randint(1, 6)
    return found


def _serve(
    work: UnitOfWork, identity: Identity, surface: Surface, count: int, *, person: Caller | None
) -> None:
    """Requests to the server itself, of the agent, or of the person who looks after it."""
    hour = work.now.replace(minute=0, second=0, microsecond=0)
    outcome = RequestOutcome.SUCCEEDED
    event = RequestsServed(
        usage_key=":".join((rfc3339(hour), identity.id, surface.value, outcome.value)),
        identity_handle=None if person else identity.handle,
        did=None if person else identity.did,
        principal_id=identity.principal_id,
        surface=surface,
        outcome=outcome,
        count=count,
    )
    work.record_at(event, hour + HOUR - MICROSECOND, by=person or identity.as_caller())
