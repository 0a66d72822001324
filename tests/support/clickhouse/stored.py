"""Facts as PostHog stores them: sent in our own wire form, taken by the simulator's ingestion, row by row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from authsome.store.event_log import LoggedEvent
from authsome.telemetry.identify import is_personless
from authsome.telemetry.sink import Outgoing
from authsome.telemetry.sinks.posthog.payload import body
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog.contract import capture
from authsome.testing.posthog.ingestion import Ingestion, StoredEvent, person_id

Row = dict[str, Any]
TEAM, ANOTHER_TEAM = 1, 2
KEY, PEER = "phc_simulated", "203.0.113.7"
DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d.*)?)?")


def outgoing(fact: LoggedEvent, installation_id: str = "srv_1") -> Outgoing:
    """A made-up fact as the relay would send it. Its ids need not have the form of real ones."""
    return Outgoing(
        position=fact.position or 0,
        event_id=fact.id,
        uuid=str(uuid5(NAMESPACE_URL, fact.uuid)),
        name=fact.name,
        occurred_at=fact.occurred_at,
        distinct_id=fact.subject_id,
        personless=is_personless(fact),
        fields={field: value for field, value in fact.fields.items() if value is not None}
        | {"installation_id": installation_id, "actor_kind": fact.actor_kind},
    )


def stored(requests: Iterable[Sequence[Outgoing]], *, at: datetime) -> list[list[Row]]:
    """The rows that each of the requests made, one request a minute, the first `at` that time."""
    clock = SimulatedClock(at)
    ingestion = Ingestion(clock)
    blocks: list[list[Row]] = []
    for facts in requests:
        taken = ingestion.take(capture(body(KEY, facts)), peer_ip=PEER) if facts else []
        persons = {one: dict(person.properties) for one, person in ingestion.persons.items()}
        blocks.append([_row(event, persons, number) for number, event in enumerate(taken)])
        clock.advance(timedelta(minutes=1))
    return blocks


def of_another_project(rows: Iterable[Row]) -> list[Row]:
    """The same of a project that must not be counted with ours."""
    return [row | {"team_id": ANOTHER_TEAM, "uuid": str(uuid5(UUID(row["uuid"]), "theirs"))} for row in rows]


def definitions(blocks: Iterable[Iterable[Row]]) -> dict[str, str]:
    """The types that PostHog gives the properties, each by its first value."""
    types: dict[str, str] = {}
    for block in blocks:
        for row in block:
            for name, value in json.loads(row["properties"]).items():
                types.setdefault(name, _type(value))
    return types


def _type(value: object) -> str:
    if isinstance(value, bool) or value in ("true", "false"):
        return "Boolean"
    if isinstance(value, int | float):
        return "Numeric"
    return "DateTime" if isinstance(value, str) and DATE.fullmatch(value) else "String"


def _row(event: StoredEvent, persons: dict[str, dict[str, Any]], number: int) -> Row:
    person = {} if event.personless else persons.get(event.distinct_id, {})
    return {
        "uuid": str(event.uuid),
        "event": event.name,
        "properties": json.dumps(event.properties, separators=(",", ":"), ensure_ascii=False),
        "timestamp": _spelled(event.timestamp),
        "team_id": TEAM,
        "distinct_id": event.distinct_id,
        "created_at": _spelled(event.captured_at),
        "person_id": str(person_id(event.distinct_id)),
        "person_properties": json.dumps(person),
        "person_mode": "propertyless" if event.personless else "full",
        "_timestamp": f"{event.captured_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "_offset": number,
    }


def _spelled(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
