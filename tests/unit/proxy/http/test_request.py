"""The head parser against arbitrary bytes: it refuses or it understands, and never guesses."""

from __future__ import annotations

import h11
from hypothesis import example, given, settings
from hypothesis import strategies as st

from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret
from authsome.proxy.gate import Passage
from authsome.proxy.http.request import Request, check_inner, parse_request
from authsome.proxy.inject import Injection
from authsome.proxy.limits import Limits
from tests.support.examples import examples

HOST, PORT = "api.example.com", 443
LIMITS = Limits()
SECRET = "the-real-key-77"
INJECTION = Injection(
    Passage(
        connection_id="con_1",
        host=HOST,
        port=PORT,
        headers=(("Authorization", Secret(f"Bearer {SECRET}")),),
        remove=("x-api-key",),
    )
)

# Pieces that heads are made of, and that parsers differ over. Concatenated at random they reach far more
# of the parser than random bytes do.
FIRST = [
    b"GET / HTTP/1.1",
    b"POST /a?b=c HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"GET https://api.example.com/x HTTP/1.1",
]
FIRST += [
    b"GET / HTTP/1.0",
    b"TRACE / HTTP/1.1",
    b"GET  / HTTP/1.1",
    b"GET / HTTP/1.1 ",
    b"\r\nGET / HTTP/1.1",
]
LINES = [b"Host: api.example.com", b"Host: API.EXAMPLE.COM:443", b"Host: evil.example", b"Host:", b"host :x"]
LINES += [
    b"Content-Length: 5",
    b"Content-Length: 5, 5",
    b"content-length:\t5 ",
    b"Content-Length: +5",
    b"Content_Length: 5",
]
LINES += [
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"transfer-encoding: CHUNKED",
    b"TE: x",
]
LINES += [
    b"Connection: close",
    b"Connection: keep-alive, x-a",
    b"Connection: host, content-length",
    b"Upgrade: h2c",
]
LINES += [
    b"Authorization: mine",
    b"AUTHORIZATION:mine",
    b"X_Api_Key: mine",
    b"X-Authsome-A: 1",
    b"X-A: b",
    b"X-A: \x80\xff",
]
LINES += [
    b" folded",
    b"\tfolded",
    b"X: a\x00b",
    b"X: a\rb",
    b"X: a\nb",
    b"X\x7f: y",
    b": y",
    b"no colon",
    b"Expect: 100-continue",
]
ENDS = [b"\r\n", b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b"\r\r\n", b"\x0b\r\n"]
HEADS = st.builds(
    lambda first, lines, ends: (
        first + b"".join(e + x for x, e in zip(lines, ends, strict=False)) + b"\r\n\r\n"
    ),
    st.sampled_from(FIRST),
    st.lists(st.sampled_from(LINES), max_size=8),
    st.lists(st.sampled_from(ENDS), min_size=8, max_size=8),
)


def accepted(raw: bytes) -> Request | None:
    try:
        request = parse_request(raw, LIMITS)
        check_inner(request, HOST, PORT)
    except AuthsomeError:
        return None
    return request


def read_by_another(raw: bytes) -> h11.Request:
    """What a strict parser that shares no code with ours makes of it."""
    other = h11.Connection(h11.SERVER)
    other.receive_data(raw)
    event = other.next_event()
    assert isinstance(event, h11.Request)
    return event


def check(raw: bytes) -> None:
    request = accepted(raw)
    if request is None:
        return
    rendered = INJECTION.render(request)
    assert rendered.count(b"\r\n\r\n") == 1
    assert rendered.endswith(b"\r\n\r\n")
    event = read_by_another(rendered)
    headers = list(event.headers)
    assert event.method == request.method
    assert event.target.startswith(b"/") or event.target == b"*"
    assert [value for name, value in headers if name == b"host"] == [b"api.example.com"]
    assert [value for name, value in headers if name == b"authorization"] == [f"Bearer {SECRET}".encode()]
    lengths = [value for name, value in headers if name in (b"content-length", b"transfer-encoding")]
    assert lengths == (
        [b"chunked"] if request.chunked else [b"%d" % request.length] if request.length is not None else []
    )
    assert b"mine" not in rendered
    assert b"x-authsome" not in rendered.lower()
    # The same bytes, read by the other parser before we rewrote them, end at the same place.
    before = read_by_another(raw)
    said = {
        name: value for name, value in before.headers if name in (b"content-length", b"transfer-encoding")
    }
    assert said.get(b"content-length") == (None if request.length is None else b"%d" % request.length)
    assert (b"transfer-encoding" in said) == request.chunked


@settings(max_examples=examples(800), deadline=None)
@given(HEADS)
@example(b"POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 5\r\n\r\n")
@example(b"POST / HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\n\r\n")
def test_a_head_is_refused_or_read_as_every_strict_parser_reads_it(raw: bytes) -> None:
    check(raw)


@settings(max_examples=examples(400), deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_in_words_of_ours(raw: bytes) -> None:
    check(raw)
    check(b"GET / HTTP/1.1\r\nHost: api.example.com\r\n" + raw + b"\r\n\r\n")


@settings(max_examples=examples(500), deadline=None)
@given(HEADS, st.integers(0, 400), st.integers(0, 255))
def test_one_changed_byte_never_makes_a_head_ambiguous(raw: bytes, where: int, byte: int) -> None:
    where %= len(raw)
    check(raw[:where] + bytes([byte]) + raw[where + 1 :])


def test_the_generator_does_reach_heads_that_pass() -> None:
    good = b"POST /a?b=c HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 5\r\nX_Api_Key: mine\r\n\r\n"
    request = accepted(good)
    assert request is not None
    assert request.length == 5
    assert b"mine" not in INJECTION.render(request)
