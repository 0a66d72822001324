"""What an operator may ask and decide about dead letters, as plain values for the doors."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from authsome.kit.caller import Caller
from authsome.kit.clock import rfc3339
from authsome.runtime.runtime import Runtime
from authsome.store.books.dead_letters import LetterState

LOGGER = logging.getLogger("authsome.telemetry")


async def list_dead_letters(runtime: Runtime, sink: str, *, after: int, limit: int) -> list[dict[str, Any]]:
    """Facts that the sink refused for good, behind the log position `after`."""
    letters = await runtime.store.keep(lambda books: books.dead_letters.list(sink, limit=limit, after=after))
    return [
        {
            "event_id": letter.event_id,
            "position": letter.position,
            "reason": letter.reason,
            "state": letter.state.value,
            "refused_at": rfc3339(letter.created_at),
        }
        for letter in letters
    ]


async def retry_dead_letters(
    runtime: Runtime, caller: Caller, sink: str, *, event_ids: Sequence[str] | None
) -> int:
    """Put these (all, for None) back for sending, under the uuid and time that they had; returns how many."""
    return await _decide(runtime, caller, sink, LetterState.RETRYING, event_ids)


async def drop_dead_letters(
    runtime: Runtime, caller: Caller, sink: str, *, event_ids: Sequence[str] | None
) -> int:
    """Give these (all, for None) up. A note stays, so that a fact that never left is no riddle later."""
    return await _decide(runtime, caller, sink, LetterState.DROPPED, event_ids)


async def _decide(
    runtime: Runtime, caller: Caller, sink: str, state: LetterState, event_ids: Sequence[str] | None
) -> int:
    caller.require_admin()
    count = await runtime.store.keep(
        lambda books: books.dead_letters.decide(sink, state, event_ids=event_ids)
    )
    LOGGER.info("%s put %d dead letters of %s into the state %s", caller.id, count, sink, state)
    return count
