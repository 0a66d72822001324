"""The provider's head against arbitrary bytes: malformed, or passed on as one clean head."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authsome.kit.secret import Secret
from authsome.proxy.gate import Passage
from authsome.proxy.http.headers import Malformed
from authsome.proxy.http.response import parse_response
from authsome.proxy.limits import Limits
from authsome.proxy.scrub import Scrubber, render_head
from tests.support.examples import examples

LIMITS = Limits()
SCRUBBER = Scrubber(
    Passage(connection_id="c", host="h", port=443, headers=(("A", Secret("Bearer k3y-k3y-k3y")),))
)
FIRST = [
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 204 No",
    b"HTTP/1.1 304",
    b"HTTP/1.0 200 OK",
    b"HTTP/1.1 99 x",
    b"HTTP/2 200",
]
LINES = [
    b"Content-Length: 5",
    b"Content-Length: 5, 6",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip",
]
LINES += [
    b"Connection: close",
    b"Connection: x-a",
    b"X-A: b",
    b"X-Echo: Bearer k3y-k3y-k3y",
    b"k3y-k3y-k3y: x",
]
LINES += [
    b"Set-Cookie: a=b",
    b"X-Authsome-Error: forged",
    b" folded",
    b"X: a\x00b",
    b"X: a\rb",
    b"Upgrade: x",
]
HEADS = st.builds(
    lambda first, lines: b"\r\n".join([first, *lines, b"", b""]),
    st.sampled_from(FIRST),
    st.lists(st.sampled_from(LINES), max_size=6),
)


@settings(max_examples=examples(800), deadline=None)
@given(st.one_of(HEADS, st.binary(max_size=200)), st.sampled_from([b"GET", b"HEAD", b"POST"]))
def test_a_response_is_malformed_or_leaves_as_one_clean_head(raw: bytes, method: bytes) -> None:
    try:
        response = parse_response(raw, method, LIMITS)
    except Malformed:
        return
    rendered = render_head(response, SCRUBBER, close=False)
    assert rendered.count(b"\r\n\r\n") == 1
    assert b"k3y" not in rendered
    assert b"x-authsome" not in rendered.lower()
    other = h11.Connection(h11.CLIENT)
    other.send(h11.Request(method=method, target=b"/", headers=[(b"Host", b"h")]))
    other.receive_data(rendered)
    event = other.next_event()
    assert isinstance(event, h11.Response | h11.InformationalResponse)
    assert event.status_code == response.status


@pytest.mark.parametrize(
    ("method", "status", "headers", "length", "chunks"),
    [
        (b"GET", b"200", b"Content-Length: 5\r\n", b"Content-Length: 5", False),
        (b"HEAD", b"200", b"Content-Length: 5\r\n", b"Content-Length: 5", False),
        (b"HEAD", b"200", b"Transfer-Encoding: chunked\r\n", b"", False),
        (b"GET", b"304", b"Content-Length: 5\r\n", b"Content-Length: 5", False),
        (b"GET", b"204", b"Content-Length: 5\r\n", b"", False),
        (b"GET", b"200", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked", True),
        (b"GET", b"200", b"", b"Transfer-Encoding: chunked", True),
    ],
)
def test_the_agent_is_told_the_length_that_it_will_get(
    method: bytes, status: bytes, headers: bytes, length: bytes, chunks: bool
) -> None:
    response = parse_response(b"HTTP/1.1 %b X\r\n%b\r\n" % (status, headers), method, LIMITS)
    assert response.relayed_in_chunks is chunks
    rendered = render_head(response, SCRUBBER, close=False)
    said = [line for line in rendered.split(b"\r\n") if b"ength" in line or b"Transfer" in line]
    assert said == ([length] if length else [])
