"""A stream cut at any place is the same stream."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authsome.proxy.http.headers import Malformed, TooLarge
from authsome.proxy.http.request import Request, parse_request
from authsome.proxy.http.stream import Body, Bytes, Reader
from authsome.proxy.limits import Limits
from tests.support.examples import examples

LIMITS = Limits()
FIRST = b"POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world"
SECOND = b"GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = (
    b"POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;x=y\r\nabc\r\n8\r\ndefghijk\r\n0\r\nT: u\r\n\r\n"
)


class Collector:
    """Writes down what the reader cuts out."""

    def __init__(self) -> None:
        self.messages: list[tuple[bytes, bytes, bool]] = []
        self.request: Request | None = None
        self.reader = Reader(self, LIMITS.head)

    def take_head(self, raw: bytes) -> Body:
        self.request = parse_request(raw, LIMITS)
        self.messages.append((self.request.target, b"", False))
        return self.request.body()

    def take_body(self, piece: Bytes) -> None:
        target, body, _ = self.messages[-1]
        assert piece
        self.messages[-1] = (target, body + piece, False)

    def take_end(self) -> None:
        target, body, _ = self.messages[-1]
        self.messages[-1] = (target, body, True)


def feed_again(collector: Collector, data: bytes, *, times: int) -> None:
    for _ in range(times):
        collector.reader.feed(data)


WHOLE = [(b"/1", b"hello world", True), (b"/2", b"", True), (b"/3", b"abcdefghijk", True)]


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(st.integers(0, len(FIRST + SECOND + CHUNKED)), max_size=30))
def test_messages_are_the_same_however_they_arrive(cuts: list[int]) -> None:
    data = FIRST + SECOND + CHUNKED
    edges = [0, *sorted(cuts), len(data)]
    collector = Collector()
    for start, end in pairwise(edges):
        if start < end:
            collector.reader.feed(data[start:end])
    assert collector.messages == WHOLE
    assert collector.request is not None
    assert collector.request.trailers == [(b"t", b"T", b"u")]


def test_a_reader_on_hold_keeps_what_arrives() -> None:
    collector = Collector()
    collector.reader.on_hold = True
    for byte in FIRST + SECOND:
        collector.reader.feed(bytes([byte]))
    assert collector.messages == []
    collector.reader.release()
    assert collector.messages == WHOLE[:2]
    assert not collector.reader.leftover


def test_a_head_without_end_is_refused_at_the_bound() -> None:
    collector = Collector()
    with pytest.raises(TooLarge):
        feed_again(collector, b"x" * 1024, times=LIMITS.head // 1024 + 2)


@pytest.mark.parametrize("noise", [b";" + b"e" * 1000, b""])
def test_chunks_that_bring_nothing_do_not_go_on_for_ever(noise: bytes) -> None:
    collector = Collector()
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    collector.reader.feed(head + (b"5;" if noise else b"0\r\n"))
    with pytest.raises(Malformed):
        feed_again(collector, noise[1:] or b"T: " + b"v" * 1000 + b"\r\n", times=200)
