"""Ask PostHog within its limits: one question at a time, waiting when it says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from authsome.analytics.reconcile.posthog.hogql import COUNTS, IDS, MOST_ROWS, PAGE, Version
from authsome.telemetry.portion import Origin
from authsome.telemetry.sinks.posthog.private.answer import Answer, Answered, NotAllowed, Refused, TryLater

PATIENCE = 20  # waits for one answer
LONGEST_WAIT = 60.0
FIRST_WAIT = 1.0

Wait = Callable[[float], Awaitable[None]]
Pair = tuple[str, str]  # day and event


class Api(Protocol):
    """The part of PostHog's private API that is used here."""

    async def post(self, path: str, document: Mapping[str, Any]) -> Answer: ...


class PostHogSilent(Exception):
    """PostHog does not answer the question. The message is one line for an operator."""


class Questions:
    """The fixed questions, about the installation of `origin`. `wait` is called with seconds to let pass."""

    def __init__(self, api: Api, *, origin: Origin, fields: str, wait: Wait = asyncio.sleep) -> None:
        self.origin = origin
        self._api = api
        self._bound = {"installation": origin.installation_id, "fields": fields}
        self._wait = wait

    async def counts(self, since: datetime, until: datetime) -> dict[Pair, tuple[int, int, int]]:
        """By day and event: distinct facts, distinct versions of them, and the sum of their weights."""
        rows = await self._ask(COUNTS, _span(since, until))
        if len(rows) >= MOST_ROWS:
            raise PostHogSilent("more days and events than one answer holds; give a later --since")
        return {
            (str(day), str(event)): (int(facts), int(versions), int(weight))
            for day, event, facts, versions, weight in rows
        }

    async def versions(
        self, event: str, since: datetime, until: datetime
    ) -> AsyncIterator[tuple[str, Version]]:
        """Every version of every fact of this name in the span, by uuid; no two are the same."""
        after, seen = "", set[Version]()
        while True:
            rows = await self._ask(IDS, {**_span(since, until), "event": event, "after": after})
            for uuid, at, distinct_id, weight in rows:
                version = Version(str(at), str(distinct_id), int(weight))
                if uuid != after:
                    after, seen = str(uuid), set()
                if version not in seen:
                    seen.add(version)
                    yield after, version
            if len(rows) < PAGE:
                return
            if rows[0][0] == after:
                raise PostHogSilent(f"one fact has {PAGE} versions: {after}")

    async def _ask(self, text: str, values: Mapping[str, Any]) -> list[list[Any]]:
        query = {"kind": "HogQLQuery", "query": text, "values": {**self._bound, **values}}
        # An answer from PostHog's cache would say what was so before the last repair.
        document = {"query": query, "refresh": "force_blocking", "name": "authsome reconcile"}
        wait = FIRST_WAIT
        for _ in range(PATIENCE):
            match await self._api.post("query", document):
                case Answered(document=found):
                    return _rows(found)
                case TryLater(after=after):
                    await self._wait(min(after or wait, LONGEST_WAIT))
                    wait = min(2 * wait, LONGEST_WAIT)
                case NotAllowed(reason=reason) | Refused(reason=reason):
                    raise PostHogSilent(reason)
        raise PostHogSilent("PostHog put the question off again and again; try later")


def _span(since: datetime, until: datetime) -> dict[str, int]:
    return {"since": int(since.timestamp()), "until": int(until.timestamp())}


def _rows(document: Any) -> list[list[Any]]:
    rows = document.get("results") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise PostHogSilent("the answer has no results: is AUTHSOME_POSTHOG_API_HOST right?")
    return rows
