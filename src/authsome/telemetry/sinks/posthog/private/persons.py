"""Delete persons with their events, and count what is left of them.

PostHog deletes a person at once and queues their events, those that it took before the request; it works
that queue off when it is quiet, often only on Sundays. Events whose distinct_id never had a person are found
by no such request.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from authsome.telemetry.sinks.posthog.private.answer import NOT_POSTHOG, Answer, Answered

if TYPE_CHECKING:  # its HTTP library is a tenth of a server's start, and most servers ask nobody
    from authsome.telemetry.sinks.posthog.private.call import PrivateApi

MOST_DELETED = 1_000  # PostHog refuses more in one request
MOST_COUNTED = 500


async def delete_persons(api: PrivateApi, distinct_ids: Sequence[str]) -> int | Answer:
    """Ask for these persons and all their events to be deleted; how many persons there were, or why not."""
    found = 0
    for start in range(0, len(distinct_ids), MOST_DELETED):
        some = list(distinct_ids[start : start + MOST_DELETED])
        answer = await api.post("persons/bulk_delete", {"distinct_ids": some, "delete_events": True})
        if not isinstance(answer, Answered):
            return answer
        number = _field(answer, "persons_found")
        if not isinstance(number, int):
            return NOT_POSTHOG
        found += number
    return found


async def count_events(api: PrivateApi, distinct_ids: Sequence[str]) -> int | Answer:
    """How many events PostHog holds under these ids, or why it does not say."""
    left = 0
    for start in range(0, len(distinct_ids), MOST_COUNTED):
        query = {"kind": "HogQLQuery", "query": question(distinct_ids[start : start + MOST_COUNTED])}
        answer = await api.post("query", {"query": query, "refresh": "force_blocking"})
        if not isinstance(answer, Answered):
            return answer
        rows = _field(answer, "results")
        if not isinstance(rows, list) or not all(_is_count(row) for row in rows):
            return NOT_POSTHOG
        left += sum(row[1] for row in rows)
    return left


def question(distinct_ids: Sequence[str]) -> str:
    """The HogQL. The ids have the form of ids, so nothing in them needs to be escaped."""
    listed = ", ".join(f"'{one}'" for one in distinct_ids)
    return (
        f"SELECT distinct_id, count() AS events FROM events WHERE distinct_id IN ({listed}) "  # noqa: S608
        f"GROUP BY distinct_id ORDER BY distinct_id LIMIT {MOST_COUNTED}"
    )


def _field(answer: Answered, name: str) -> Any:
    return answer.document.get(name) if isinstance(answer.document, dict) else None


def _is_count(row: Any) -> bool:
    return isinstance(row, list) and len(row) == 2 and isinstance(row[1], int)
