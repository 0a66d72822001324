"""One request of an agent and its response: joins the tunnel to a connection of the provider.

It owns the order of things: the request may still be on its way up while the response comes down, either
side may stall or vanish, and the outcome is counted exactly once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from authsome.kit.errors import AuthsomeError
from authsome.proxy import errors
from authsome.proxy.again import ask_for_newer, hint_line
from authsome.proxy.gate import Outcome, Refusal
from authsome.proxy.http.request import Request
from authsome.proxy.http.response import Response
from authsome.proxy.http.stream import Bytes
from authsome.proxy.inject import Injection
from authsome.proxy.scrub import render_head, render_trailers
from authsome.proxy.sides import Agent, Reach
from authsome.proxy.upstream.connection import Key, Upstream

log = logging.getLogger(__name__)

T = TypeVar("T")


class Exchange:
    """See the module."""

    __slots__ = (
        "_agent",
        "_closes",
        "_counted",
        "_down",
        "_injection",
        "_key",
        "_over",
        "_pooled",
        "_reach",
        "_renewed",
        "_response",
        "_task",
        "_up",
        "_upstream",
        "request",
        "request_done",
    )

    def __init__(self, agent: Agent, request: Request, injection: Injection, *, reach: Reach) -> None:
        passage = injection.passage
        self.request = request
        self.request_done = False
        self._agent = agent
        self._injection = injection
        self._reach = reach
        self._key = Key(passage.host, passage.port, passage.private_ok)
        self._upstream: Upstream | None = None
        self._pooled = False
        self._response: Response | None = None
        self._up: list[Bytes] = []
        self._down: list[Bytes] = []
        self._counted = False
        self._over = False
        self._renewed = False  # a newer credential was asked for, which happens once
        self._closes = False  # the agent was told that this response is the last
        self._task: asyncio.Task[None] | None = None

    @property
    def answered(self) -> bool:
        """The head of the real response was passed on."""
        return self._response is not None

    def begin(self) -> bool:
        """Send the head, at once where a connection is idle. Returns whether it was."""
        upstream = self._reach.pool.take(self._key, may_repeat=self.request.may_repeat)
        if upstream is None:
            self._dial()
            return False
        self._pooled = True
        self._attach(upstream)
        return True

    # From the agent.

    def send_body(self, piece: Bytes) -> None:
        if self.request.chunked:
            self._up += (b"%x\r\n" % len(piece), piece, b"\r\n")
        else:
            self._up.append(piece)

    def send_end(self) -> None:
        self.request_done = True
        if self.request.chunked:
            self._up.append(self._injection.render_trailers(self.request))

    def flush_request(self) -> None:
        if self._up and self._upstream is not None:
            data = self._up[0] if len(self._up) == 1 else b"".join(self._up)
            self._up.clear()
            self._upstream.write(data)

    def pause_response(self) -> None:
        if self._upstream is not None:
            self._upstream.pause()

    def resume_response(self) -> None:
        if self._upstream is not None:
            self._upstream.resume()

    def cancel(self, outcome: Outcome) -> None:
        """Nobody waits for the response any more."""
        self._end(outcome)

    def time_out(self) -> None:
        """Nothing has moved for as long as is waited."""
        if self.answered:
            self._break()
        elif not self.request_done and self._upstream is not None:
            self._fail(errors.HeadTooSlow("The request's body did not arrive in time."), Outcome.REFUSED)
        else:
            self._fail(errors.UpstreamTimeout(), Outcome.UPSTREAM_FAILED)

    # From the provider.

    def take_response(self, response: Response) -> None:
        rejected = response.status == 401
        ours: tuple[bytes, ...] = ()
        if rejected:
            asks = self._may_renew()
            if asks and self.request_done and self.request.may_repeat:
                self._try_again()
                return
            ours = (hint_line(self._injection.passage, is_renewed=asks),)
            if asks:
                self._reach.spawn(self._start(ask_for_newer(self._injection.passage)))
        if not response.interim:
            self._response = response
            self._count(Outcome.CREDENTIAL_REJECTED if rejected else Outcome.DELIVERED)
            self._closes = self._agent.is_last or not self.request_done
        scrubber = self._injection.scrubber
        self._down.append(render_head(response, scrubber, close=self._closes, ours=ours))

    def take_response_body(self, piece: Bytes) -> None:
        response = self._response
        if response is not None and response.relayed_in_chunks:
            self._down += (b"%x\r\n" % len(piece), piece, b"\r\n")
        else:
            self._down.append(piece)

    def end_response(self, response: Response) -> None:
        if response.relayed_in_chunks:
            self._down.append(render_trailers(response, self._injection.scrubber))
        self._end(None)

    def flush_response(self) -> None:
        if self._down:
            self._agent.alive()
            data = self._down[0] if len(self._down) == 1 else b"".join(self._down)
            self._down.clear()
            self._agent.write(data)

    def pause_request(self) -> None:
        if not self.request_done:
            self._agent.hold()

    def resume_request(self) -> None:
        if not self.request_done:
            self._agent.proceed()

    def upstream_malformed(self) -> None:
        if self.answered:
            self._break()
        else:
            self._fail(errors.UpstreamMalformed(), Outcome.UPSTREAM_FAILED)

    def upstream_lost(self, *, clean: bool) -> None:
        """The provider's connection ended. Only a body that ends with it may end so."""
        self._upstream = None
        if self._over:
            return
        if self._response is not None:
            if clean and self._response.until_close:
                self.end_response(self._response)
            else:
                self._break()
        elif self._pooled and self.request.may_repeat and not self._down:
            # The provider closed an idle connection while the request was on its way (RFC 9112 §9.3.1).
            self._pooled = False
            self._dial()
        else:
            self._fail(errors.UpstreamClosed(), Outcome.UPSTREAM_FAILED)

    # Inside.

    def _dial(self) -> None:
        self._agent.hold()
        self._task = self._start(self._dial_and_attach())
        self._reach.spawn(self._task)

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        return asyncio.get_running_loop().create_task(work)

    def _may_renew(self) -> bool:
        renewal = self._injection.passage.renewal
        return not self._renewed and renewal is not None and renewal.is_open()

    def _try_again(self) -> None:
        """Forget this answer and its connection; the agent waits for the next one."""
        self._renewed = True
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            upstream.drop()
        self._down.clear()
        self._agent.alive()
        self._task = self._start(self._renew_and_dial())
        self._reach.spawn(self._task)

    async def _renew_and_dial(self) -> None:
        answer = await ask_for_newer(self._injection.passage)
        if self._over:
            return
        if isinstance(answer, Refusal):
            self._fail(answer, Outcome.CREDENTIAL_REJECTED)
            return
        self._injection, self._pooled = answer, False
        self._up.clear()
        self._dial()

    async def _dial_and_attach(self) -> None:
        try:
            upstream = await self._reach.dialer.dial(self._key)
        except AuthsomeError as error:
            self._fail(error, Outcome.UPSTREAM_FAILED)
            return
        except Exception:  # edge: background task; the agent gets an answer, the log the reason
            log.exception("reaching a provider failed")
            self._fail(errors.ProxyFailure(), Outcome.UPSTREAM_FAILED)
            return
        if self._over:
            upstream.drop()
            return
        self._attach(upstream)
        self.flush_request()
        if not self.request_done:
            self._agent.proceed()

    def _attach(self, upstream: Upstream) -> None:
        self._upstream = upstream
        upstream.serve(self)
        if self._agent.is_full:
            upstream.pause()
        self._up.insert(0, self._injection.render(self.request))

    def _end(self, outcome: Outcome | None) -> None:
        """The response is complete, or (with an outcome) nobody waits for it."""
        if self._over:
            return
        self._over = True
        if outcome is not None:
            self._count(outcome)
        if self._task is not None:
            self._task.cancel()
        upstream, self._upstream = self._upstream, None
        clean = outcome is None and self.request_done
        if upstream is not None:
            if clean and upstream.release():
                self._reach.pool.give(upstream)
            else:
                upstream.drop()
        if outcome is None:
            self.flush_response()
            self._agent.finish(close=self._closes or not clean)

    def _fail(self, error: AuthsomeError | Refusal, outcome: Outcome) -> None:
        if self._over:
            return
        self._task = None  # it may be the one that is running
        self._down.clear()
        self._end(outcome)
        self._agent.refuse(error)

    def _break(self) -> None:
        if self._over:
            return
        self.flush_response()
        self._end(Outcome.UPSTREAM_FAILED)
        self._agent.abort()

    def _count(self, outcome: Outcome) -> None:
        if not self._counted:
            self._counted = True
            self._reach.gate.used(self._injection.passage, outcome)
