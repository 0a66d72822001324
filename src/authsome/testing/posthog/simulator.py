"""The simulator itself: the state of one PostHog and the server before it.

It runs on threads of its own, so a test may use it from an event loop or without one, and a hanging
answer holds up nothing else. Stopping and starting again keeps the port and what was taken: an outage.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from authsome.kit.clock import Clock, SystemClock
from authsome.testing.posthog.contract import BATCH_LIMIT, SINGLE_LIMIT, Refused, capture
from authsome.testing.posthog.contract_v1 import PATH as V1
from authsome.testing.posthog.contract_v1 import capture_v1
from authsome.testing.posthog.http import Reply, Server
from authsome.testing.posthog.ingestion import Ingestion, Person, StoredEvent
from authsome.testing.posthog.misbehaviour import (
    Answer,
    Drop,
    Hang,
    Judge,
    Lie,
    Misbehaviour,
    Redirect,
    Slow,
)
from authsome.testing.posthog.private import PrivateSide
from authsome.testing.posthog.private.answer import PREFIX
from authsome.testing.posthog.record import RecordedRequest, holding

KEY = "phc_simulated"
OK = Reply(200, '{"status":"Ok"}', content_type="application/json")
SINGLE = ("/i/v0/e", "/e", "/capture", "/track", "/engage")
LIMITS = {"/batch": BATCH_LIMIT} | dict.fromkeys(SINGLE, SINGLE_LIMIT)
HEALTH = frozenset({"", "/_readiness", "/_liveness"})


class PostHogSimulator:
    """A PostHog with the given project keys, on 127.0.0.1.

    `record` is a file that gets one line of JSON per request, readable with `read_record`.
    """

    def __init__(
        self,
        *,
        keys: Iterable[str] = (KEY,),
        port: int = 0,
        record: Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.keys = frozenset(keys)
        self.quota_exceeded = False
        # Each batch with an event of one of these distinct_ids is refused, for a reason that no sender's
        # check foresees.
        self.refuses: frozenset[str] = frozenset()
        self._port = port
        self._record = record
        self._record_file: TextIO | None = None
        self._changed = threading.Condition()
        clock = clock or SystemClock()
        self._ingestion = Ingestion(clock)
        self.private = PrivateSide(self._ingestion, clock)
        self._requests: list[RecordedRequest] = []
        self._vanished = 0
        self._next: deque[Misbehaviour] = deque()
        self._always: Misbehaviour | None = None
        self._next_private: deque[Misbehaviour] = deque()
        self._server: Server | None = None

    def start(self) -> PostHogSimulator:
        """Listen; on a second start at the same port as before."""
        self._record_file = self._record.open("a", encoding="utf-8") if self._record else None
        self._server = Server(self._port, self._answer, drains_to=2 * BATCH_LIMIT)
        self._port = self._server.port
        return self

    def stop(self) -> None:
        """Stop listening and close every connection, the hanging ones too. What was taken stays."""
        if self._server:
            self._server.stop()
            self._server = None
        if self._record_file:
            self._record_file.close()
            self._record_file = None

    def __enter__(self) -> PostHogSimulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def next(self, *misbehaviours: Misbehaviour) -> None:
        """Let the next requests, one each, be answered so."""
        with self._changed:
            self._next.extend(misbehaviours)

    def next_private(self, *misbehaviours: Answer | Drop | Hang | Redirect | Slow) -> None:
        """The same for the private API, which is another service of PostHog's."""
        with self._changed:
            self._next_private.extend(misbehaviours)

    def run_deletions(self) -> int:
        """Let PostHog delete the events that are queued for it; returns how many went."""
        with self._changed:
            return self._ingestion.run_deletions()

    def plant(self, change: Callable[[list[StoredEvent]], list[StoredEvent]]) -> None:
        """Put what `change` makes of the events in their place: damage, for whoever looks for damage."""
        with self._changed:
            self._ingestion.taken = change(list(self._ingestion.taken))

    def always(self, misbehaviour: Misbehaviour | None) -> None:
        """Answer every request so from now on; None ends it."""
        with self._changed:
            self._always = misbehaviour

    def behave(self) -> None:
        """Forget all misbehaviour that was asked for."""
        with self._changed:
            self._next.clear()
            self._always = None
            self.refuses = frozenset()

    def wait_until(self, condition: Callable[[PostHogSimulator], bool], *, seconds: float = 5.0) -> bool:
        """Block this thread until the condition holds after some request, or the time is over."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), seconds)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def key(self) -> str:
        """One of the project keys that it knows."""
        return min(self.keys)

    @property
    def requests(self) -> list[RecordedRequest]:
        with self._changed:
            return list(self._requests)

    @property
    def taken(self) -> list[StoredEvent]:
        """Every event as it arrived, duplicates included."""
        with self._changed:
            return list(self._ingestion.taken)

    @property
    def events(self) -> list[StoredEvent]:
        """The events once duplicates are merged, in order of their time."""
        with self._changed:
            return self._ingestion.events

    @property
    def persons(self) -> dict[str, Person]:
        with self._changed:
            return dict(self._ingestion.persons)

    @property
    def groups(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The groups that have properties, by type and key."""
        with self._changed:
            return dict(self._ingestion.groups)

    @property
    def merges(self) -> list[StoredEvent]:
        """The events that tried to merge two persons."""
        with self._changed:
            return list(self._ingestion.merges)

    @property
    def vanished(self) -> int:
        """How many events were answered with 200 and are gone: wrong key, quota, a lie."""
        with self._changed:
            return self._vanished

    def holding(self, needle: str) -> list[RecordedRequest]:
        """The requests in which the text occurs, in any letter case."""
        return holding(self.requests, needle)

    def _answer(self, request: RecordedRequest, hang: Callable[[], None]) -> Reply | None:
        """The reply, or None for a closed connection."""
        with self._changed:
            misbehaviour = self._chosen(private=request.path.startswith(PREFIX))
        if isinstance(misbehaviour, Slow):
            time.sleep(misbehaviour.seconds)
        reply = self._misbehave(request, misbehaviour)
        self._keep(request, reply)
        if isinstance(misbehaviour, Hang):
            hang()
        return reply

    def _chosen(self, *, private: bool) -> Misbehaviour | None:
        queue = self._next_private if private else self._next
        if queue:
            return queue.popleft()
        return None if private and isinstance(self._always, Lie | Judge) else self._always

    def _misbehave(self, request: RecordedRequest, misbehaviour: Misbehaviour | None) -> Reply | None:
        match misbehaviour:
            case None | Slow():
                return self._behave(request)
            case Answer(status=status, text=text, retry_after=retry_after, take=take):
                self._take_if(take, request)
                return Reply(status, text, headers={"Retry-After": retry_after} if retry_after else {})
            case Hang(take=take) | Drop(take=take):
                self._take_if(take, request)
                return None
            case Judge(results=results):
                return self._capture_v1(request, results)
            case Redirect(location=location, status=status):
                return Reply(status, "", headers={"Location": location})
            case Lie():
                with self._changed:
                    self._vanished += len(capture(request.body).events)
                return OK

    def _behave(self, request: RecordedRequest) -> Reply:
        path = request.path.rstrip("/")
        if path.startswith(PREFIX):
            with self._changed:
                return self.private.answer(request)
        if path in HEALTH:
            return Reply(200, "capture")
        if path == V1 and request.method == "POST":
            return self._capture_v1(request, {})
        if path not in LIMITS:
            return Reply(404, "")
        if request.method == "OPTIONS":
            return Reply(200, "", headers={"Access-Control-Allow-Origin": "*"})
        if request.method not in ("POST", "GET"):
            return Reply(405, "", headers={"Allow": "GET,HEAD,POST"})
        return self._capture(request, LIMITS[path])

    def _capture(self, request: RecordedRequest, limit: int) -> Reply:
        try:
            batch = capture(request.body, limit=limit)
        except Refused as refused:
            return Reply(refused.status, refused.text)
        if any(event.distinct_id in self.refuses for event in batch.events):
            return Reply(400, "failed to parse request")
        with self._changed:
            if batch.token not in self.keys or self.quota_exceeded:
                self._vanished += len(batch.events)  # and the answer is 200: delivery is never proven by it
            else:
                self._ingestion.take(batch, peer_ip=request.peer_ip)
        return OK

    def _capture_v1(self, request: RecordedRequest, judged: Mapping[str, str]) -> Reply:
        """Each event gets a result; `judged` are results that a test wants, by distinct_id."""
        headers = {name.lower(): value for name, value in request.headers}
        try:
            found = capture_v1(headers, request.body)
        except Refused as refused:
            return Reply(refused.status, refused.text)
        if any(event.distinct_id in self.refuses for event in found.batch.events):
            return Reply(400, "invalid body")
        with self._changed:
            if self.quota_exceeded:
                return Reply(402, "billing limit reached")
            results = found.results | {
                str(event.uuid): {"result": judged[event.distinct_id], "details": "judged"}
                for event in found.batch.events
                if event.distinct_id in judged
            }
            taken = [e for e in found.batch.events if results[str(e.uuid)]["result"] not in ("retry", "drop")]
            if found.batch.token not in self.keys:
                self._vanished += len(taken)
            else:
                self._ingestion.take(replace(found.batch, events=tuple(taken)), peer_ip=request.peer_ip)
        return Reply(200, json.dumps({"results": results}), content_type="application/json")

    def _take_if(self, take: bool, request: RecordedRequest) -> None:
        if take:
            self._behave(request)

    def _keep(self, request: RecordedRequest, reply: Reply | None) -> None:
        kept = request.answered(reply.status if reply else None)
        with self._changed:
            self._requests.append(kept)
            if self._record_file:
                self._record_file.write(kept.to_line() + "\n")
                self._record_file.flush()
            self._changed.notify_all()
