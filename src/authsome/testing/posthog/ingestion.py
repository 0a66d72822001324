"""What PostHog keeps of the events that it took: times, duplicates, persons, groups.

Source: `timestamp.rs`, `posthog/models/event/sql.py` and the ingestion's `person-update.ts`,
`process-event.ts` and `groups.ts`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from authsome.kit.clock import EPOCH, Clock
from authsome.testing.posthog.contract import CapturedBatch, CapturedEvent

FUTURE = timedelta(hours=23)
MERGING = frozenset({"$create_alias", "$merge_dangerously"})
PERSONS = uuid.UUID("932979b4-65c3-4424-8467-0b66ec27bc22")
GROUP_TYPES = 5  # of one project; a sixth is not stored
NO_PROPERTY_UPDATES = frozenset({"$exception", "$$heatmap"})

Json = dict[str, Any]
Key = tuple[uuid.UUID, date, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """One row of PostHog's events table."""

    uuid: uuid.UUID
    name: str
    distinct_id: str
    timestamp: datetime
    properties: Json
    personless: bool
    captured_at: datetime
    groups: dict[int, str] = field(default_factory=dict)  # the columns `$group_0` to `$group_4`

    @property
    def key(self) -> Key:
        """Two rows with the same key become one (the ORDER BY of the ReplacingMergeTree)."""
        return (self.uuid, self.timestamp.date(), self.name, self.distinct_id)


@dataclass(slots=True, kw_only=True)
class Person:
    """What PostHog knows of one distinct_id; properties are those of the latest arrival."""

    distinct_id: str
    properties: Json = field(default_factory=dict)


class Ingestion:
    """One project's events and persons. Not safe for threads; the simulator holds a lock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.taken: list[StoredEvent] = []
        self.lag = timedelta()
        self.persons: dict[str, Person] = {}
        self.merges: list[StoredEvent] = []
        self._deleted: set[str] = set()  # distinct_ids that never get a person again
        self._queued: dict[str, datetime] = {}  # distinct_ids whose events go, and when that was asked
        self.group_types: list[str] = []
        self.groups: dict[tuple[str, str], Json] = {}

    @property
    def events(self) -> list[StoredEvent]:
        """What is left of `taken` after the merge: of equal keys the latest arrival, in order of time."""
        latest = {event.key: event for event in self.taken}
        return sorted(latest.values(), key=lambda event: event.timestamp)

    @property
    def visible(self) -> list[StoredEvent]:
        """The events that a query finds by now: what was taken is shown `lag` later."""
        shown = self._clock.now() - self.lag
        return [event for event in self.events if event.captured_at <= shown]

    def take(self, batch: CapturedBatch, *, peer_ip: str) -> list[StoredEvent]:
        """Store a batch that came from `peer_ip`; returns the rows."""
        return [self._take(event, batch.sent_at, peer_ip) for event in batch.events]

    def delete(self, distinct_id: str, *, events: bool, keep_person: bool) -> None:
        """Delete the person at once, unless kept, and queue what was captured of them so far."""
        if events:
            self._queued[distinct_id] = self._clock.now()
        if not keep_person:
            self.persons.pop(distinct_id, None)
            self._deleted.add(distinct_id)

    def run_deletions(self) -> int:
        """Delete the queued events, as PostHog does when it is quiet; returns how many went."""
        before = len(self.taken)
        self.taken = [event for event in self.taken if not self._is_queued(event)]
        self._queued.clear()
        return before - len(self.taken)

    def _is_queued(self, event: StoredEvent) -> bool:
        asked = self._queued.get(event.distinct_id)
        return asked is not None and event.captured_at <= asked

    def _take(self, captured: CapturedEvent, sent_at: str | None, peer_ip: str) -> StoredEvent:
        properties = dict(captured.properties)
        if not properties.get("$ip"):
            properties["$ip"] = peer_ip  # the sender's own address, unless it names one
        if properties.get("$geoip_disable") is not True:
            properties["$geoip_country_code"] = "ZZ"  # stands for the place looked up from `$ip`
        stored = StoredEvent(
            uuid=captured.uuid or uuid.uuid4(),  # a fresh one each time: a retry is then a second event
            name=captured.name,
            distinct_id=captured.distinct_id,
            timestamp=stored_timestamp(captured, sent_at=sent_at, now=self._clock.now()),
            properties=properties,
            personless=properties.get("$process_person_profile") is False,
            captured_at=self._clock.now(),
            groups=self._groups(properties),
        )
        self.taken.append(stored)
        if stored.name in MERGING or properties.get("$anon_distinct_id"):
            self.merges.append(stored)
        self._update_group(stored)
        self._update_person(stored)
        return stored

    def _groups(self, properties: Json) -> dict[int, str]:
        """The group columns. A personless event has none, and a sixth type of group is not counted."""
        named = properties.get("$groups")
        if properties.get("$process_person_profile") is False or not isinstance(named, dict):
            return {}
        return {
            index: str(group_key)
            for group_type, group_key in named.items()
            if (index := self._group_index(group_type)) is not None
        }

    def _group_index(self, group_type: str) -> int | None:
        if group_type not in self.group_types and len(self.group_types) < GROUP_TYPES:
            self.group_types.append(group_type)
        return self.group_types.index(group_type) if group_type in self.group_types else None

    def _update_group(self, event: StoredEvent) -> None:
        """`$groupidentify` gives a group properties; only then does PostHog list it."""
        said = event.properties
        if event.personless or event.name != "$groupidentify" or "$group_type" not in said:
            return
        if self._group_index(said["$group_type"]) is not None:
            known = self.groups.setdefault((said["$group_type"], str(said.get("$group_key"))), {})
            known.update(said.get("$group_set") or {})

    def _update_person(self, event: StoredEvent) -> None:
        """In the order of arrival, not of the timestamps: a late replay overwrites what is newer."""
        if event.personless or event.distinct_id in self._deleted:
            return
        person = self.persons.setdefault(event.distinct_id, Person(distinct_id=event.distinct_id))
        if event.name in NO_PROPERTY_UPDATES:
            return
        for name, value in event.properties.get("$set_once", {}).items():
            person.properties.setdefault(name, value)
        person.properties.update(event.properties.get("$set", {}))
        for name in event.properties.get("$unset", ()):
            person.properties.pop(name, None)


def person_id(distinct_id: str) -> uuid.UUID:
    """PostHog computes it from the project and the first distinct_id, with a profile or without."""
    return uuid.uuid5(PERSONS, distinct_id)


def stored_timestamp(event: CapturedEvent, *, sent_at: str | None, now: datetime) -> datetime:
    """The time under which PostHog files the event.

    With `sent_at` the sender's clock is corrected by the time the request took, anew on every retry.
    """
    if event.offset is not None and event.timestamp is None:
        return now - timedelta(milliseconds=event.offset)
    claimed = _instant(event.timestamp)
    if claimed is None:
        return now
    sent = _instant(sent_at)
    if sent is not None and event.properties.get("$ignore_sent_at") is not True:
        claimed = _clamped(claimed, sent, now)
    return now if claimed > now + FUTURE else claimed


def _clamped(claimed: datetime, sent: datetime, now: datetime) -> datetime:
    try:
        return claimed - (sent - now)
    except OverflowError:
        return EPOCH  # a year outside 0..9999 is filed under 1970


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
