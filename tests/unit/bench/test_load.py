"""The load generator counts answers, and takes none for another."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import pytest

from bench.load import AnswerUnexpected, Load, generator, run
from bench.servers import Target

REQUEST = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n"
NO = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n"
FINE = [b"HTTP/1.1 200 OK\r\nContent-", b"Length: 5\r\n\r\nhe", b"llo"]


@contextmanager
def answering(pieces: list[bytes], *, first: bytes = b"") -> Iterator[Target]:
    """A server that sends these pieces for each request, one by one, but `first` for the very first."""
    loop = asyncio.new_event_loop()
    before = [[first]] if first else []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                for piece in before.pop() if before else pieces:
                    writer.write(piece)
                    await asyncio.sleep(0)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    server, ended = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0)), asyncio.Event()

    async def until_ended() -> None:
        await ended.wait()
        server.close()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(until_ended(),))
    thread.start()
    try:
        yield Target(os.getpid(), server.sockets[0].getsockname()[1], "here", "")
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()


def requests(count: int) -> list[bytes]:
    return [REQUEST] * count


def load(
    target: Target, make: Callable[[], list[bytes]], *, seconds: float = 20, repeat: bool = False
) -> Load:
    return Load(target=target, clients=3, seconds=seconds, make=make, repeat=repeat)


def test_each_request_is_sent_once_and_answered_once() -> None:
    with answering(FINE) as target:
        taken = run(load(target, partial(requests, 40)))
    assert taken.requests == 40
    assert taken.per_second == taken.requests / taken.seconds
    assert 0 < taken.p50 <= taken.p99


def test_repeated_requests_end_with_the_time() -> None:
    with answering(FINE) as target:
        taken = run(load(target, partial(requests, 1), seconds=0.2, repeat=True))
    assert taken.requests > 3
    assert 0.2 <= taken.seconds < 5


@pytest.mark.parametrize("status", [500, 503])
def test_an_answer_that_was_not_asked_for_is_no_result(status: int) -> None:
    with answering([NO % status]) as target, pytest.raises(AnswerUnexpected, match=str(status)):
        run(load(target, partial(requests, 4)))


def test_refused_requests_are_counted_apart() -> None:
    with answering(FINE, first=NO % 503) as target:
        taken = run(load(target, partial(requests, 10)))
    assert (taken.requests, taken.refused) == (9, 1)
    assert "1 REFUSED" in taken.note


def test_a_process_of_its_own_does_the_same() -> None:
    with answering(FINE) as target, generator() as put:
        assert put(load(target, partial(requests, 12))).requests == 12
