"""A fact as the row that the log's appender would insert: the same bytes, for a fraction of the time.

Texts in a history hold nothing that JSON would escape. Where each fact of a kind has the same fields of the
same types, their spelling is put together once.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from authsome.kit.event import SUBJECT_FIELD, Event, Privacy, Subject
from authsome.kit.ids import Entropy
from authsome.store.event_log import SALT_BYTES, digest
from authsome.store.sequencer import Head
from authsome.store.tables.columns import canonical
from bench.history.fact import Fact

# The columns of a row, in this order.
COLUMNS = (
    "position id uuid name version occurred_at "
    "subject_kind subject_id actor_kind actor_id fields digests chain"
).split()
Row = tuple[Any, ...]
Spelling = tuple[str, Callable[[Any], Any]]


class Speller:
    """Continues the log behind `head`. `new_id` makes ids of facts."""

    def __init__(
        self, installation_id: str, head: Head, *, new_id: Callable[[], str], entropy: Entropy
    ) -> None:
        self._installation_id = installation_id
        self._namespace = uuid.uuid5(uuid.NAMESPACE_URL, f"authsome:{installation_id}").bytes
        self._new_id = new_id
        self._entropy = entropy
        self._kinds: dict[type[Event], Kind] = {}
        self.head = head

    def rows(self, facts: Sequence[Fact]) -> tuple[list[Row], list[Row]]:
        """Rows of `event_log` and of `event_local`."""
        position, chain = self.head.position, self.head.chain
        rows: list[Row] = []
        local: list[Row] = []
        for at, actor_kind, actor, event, values in facts:
            kind = self._kinds.get(event) or self._kind(event)
            position += 1
            event_id = self._new_id()
            fields = kind.fields(values)
            digests = self._local(kind, event_id, values, local) if kind.local else "{}"
            if actor_kind == "server":
                actor = self._installation_id
            about, whom = (kind.about, values[kind.about_field]) if kind.about else (actor_kind, actor)
            name, key = event.name, values[event.keyed_by] if event.keyed_by else event_id
            known_as = self._uuid(f"{name}:{key}")
            said = (
                f'[{position},"{event_id}","{known_as}","{name}",{event.version},{at},"{about}",'
                f'"{whom}","{actor_kind}","{actor}",{fields},{digests}]'
            )
            chain = hashlib.sha256(chain + said.encode()).digest()
            first = (position, event_id, known_as, name, event.version, at)
            rows.append((*first, about, whom, actor_kind, actor, fields, digests, chain))
        self.head = Head(position, chain)
        return rows, local

    def _kind(self, event: type[Event]) -> Kind:
        return self._kinds.setdefault(event, Kind(event))

    def _uuid(self, name: str) -> str:
        """UUIDv5 in its text form."""
        text = hashlib.sha1(self._namespace + name.encode(), usedforsecurity=False).hexdigest()
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"

    def _local(self, kind: Kind, event_id: str, values: dict[str, Any], local: list[Row]) -> str:
        digests = {}
        for field in kind.local:
            if field in values:
                salt = self._entropy.bytes(SALT_BYTES)
                digests[field] = digest(field, values[field], salt)
                local.append((event_id, field, canonical(values[field]), salt))
        return canonical(digests)


class Kind:
    """What is the same for all facts of one event."""

    def __init__(self, event: type[Event]) -> None:
        self.local = tuple(name for name, found in event.privacy.items() if found is Privacy.LOCAL)
        self.about = None if event.subject is Subject.ACTOR else event.subject.value
        self.about_field = SUBJECT_FIELD.get(event.subject, "")
        self._spellings: dict[tuple[str, ...], Spelling | None] = {}

    def fields(self, values: dict[str, Any]) -> str:
        """What may leave, as the log has it."""
        names = tuple(values)
        if names not in self._spellings:
            self._spellings[names] = self._spelling(values)
        spelling = self._spellings[names]
        if spelling is None:
            return canonical({name: value for name, value in values.items() if name not in self.local})
        form, pick = spelling
        return str(form % pick(values))

    def _spelling(self, values: dict[str, Any]) -> Spelling | None:
        names = sorted(name for name in values if name not in self.local)
        if len(names) < 2 or any(type(values[name]) not in (str, int) for name in names):
            return None
        parts = [f'"{name}":' + ("%d" if isinstance(values[name], int) else '"%s"') for name in names]
        return "{" + ",".join(parts) + "}", itemgetter(*names)
