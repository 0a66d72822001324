"""One step of one deletion: ask PostHog to delete, or look whether it has."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from authsome.kit.ids import Entropy
from authsome.store.books.deletions import Deletion, DeletionState
from authsome.telemetry.forget.collect import Known
from authsome.telemetry.relay.pace import Pace
from authsome.telemetry.sinks.posthog.private.answer import Answer, NotAllowed, Refused, TryLater
from authsome.telemetry.sinks.posthog.private.persons import count_events, delete_persons

if TYPE_CHECKING:  # its HTTP library is a tenth of a server's start, and most servers ask nobody
    from authsome.telemetry.sinks.posthog.private.call import PrivateApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for what. Seconds."""

    relay: float = 300.0  # at most, for the relay to come past the erasure
    first_look: float = 10.0
    longest_look: float = 86_400.0
    again: float = 86_400.0  # until what is still there is asked for once more
    stuck: float = 3600.0  # while only an operator can change something
    failed: Pace = field(default_factory=Pace)

    def look(self, tries: int) -> timedelta:
        return timedelta(seconds=min(self.longest_look, self.first_look * 2.0 ** min(tries, 20)))


class Asker:
    """Takes the steps. `entropy` spreads the tries of servers that failed together."""

    def __init__(self, api: PrivateApi, known: Known, patience: Patience, *, entropy: Entropy) -> None:
        self._api = api
        self._known = known
        self._patience = patience
        self._entropy = entropy

    async def step(self, deletion: Deletion, now: datetime) -> Deletion:
        """The deletion afterwards, with the time of its next step."""
        if deletion.state is DeletionState.WAITING:
            return await self._request(deletion, now)
        return await self._look(deletion, now)

    async def _request(self, deletion: Deletion, now: datetime) -> Deletion:
        found = await delete_persons(self._api, self._known.ids)
        if not isinstance(found, int):
            return self._put_off(deletion, found, now)
        asked = replace(
            deletion,
            state=DeletionState.REQUESTED,
            requested_at=now,
            persons=max(found, deletion.persons or 0),
            tries=0,
            next_at=now + self._patience.look(0),
        )
        return replace(asked, because=_still_there(asked, asked.left) if asked.left else None)

    async def _look(self, deletion: Deletion, now: datetime) -> Deletion:
        left = await count_events(self._api, self._known.ids)
        if not isinstance(left, int):
            return self._put_off(deletion, left, now)
        if left == 0:
            return replace(deletion, state=DeletionState.VERIFIED, verified_at=now, left=0, because=None)
        asked_at = deletion.requested_at or now
        is_due_again = (now - asked_at).total_seconds() >= self._patience.again
        return replace(
            deletion,
            state=DeletionState.WAITING if is_due_again else deletion.state,
            left=left,
            tries=deletion.tries + 1,
            next_at=now if is_due_again else now + self._patience.look(deletion.tries + 1),
            because=_still_there(deletion, left),
        )

    def _put_off(self, deletion: Deletion, answer: Answer, now: datetime) -> Deletion:
        tries = deletion.tries + 1
        if isinstance(answer, TryLater):
            wait = self._patience.failed.retry(tries, after=answer.after, entropy=self._entropy)
            because = f"{answer.reason}; it is tried again"
        else:
            assert isinstance(answer, NotAllowed | Refused)
            wait, because = self._patience.stuck, answer.reason
        return replace(deletion, tries=tries, next_at=now + timedelta(seconds=wait), because=because)


def _still_there(deletion: Deletion, left: int) -> str:
    if deletion.persons == 0:
        return (
            f"PostHog holds {left} events without a person, which its API does not delete; "
            "delete them in PostHog by hand"
        )
    return f"PostHog holds {left} events; it deletes them when it is quiet, often on Sundays"
