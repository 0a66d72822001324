"""Every refusal has a status, and says what to do."""

from __future__ import annotations

import json

import pytest

from authsome.kit.errors import REGISTERED, AuthsomeError, Kind
from authsome.proxy import errors
from authsome.proxy.gate import Refusal
from authsome.proxy.replies import PHRASES, STATUS_BY_CODE, STATUS_BY_KIND, refusal_of, render

OURS = [error for error in REGISTERED.values() if error.__module__ == errors.__name__]


def test_every_kind_has_a_status() -> None:
    assert set(STATUS_BY_KIND) == set(Kind)
    assert all(400 <= status <= 599 for status in STATUS_BY_KIND.values())


def test_every_exception_to_the_kinds_names_an_error_of_the_proxy() -> None:
    assert set(STATUS_BY_CODE) <= {error.code for error in OURS}


@pytest.mark.parametrize("error", OURS, ids=lambda error: error.code)
def test_every_error_of_the_proxy_names_the_next_step(error: type[AuthsomeError]) -> None:
    refusal = refusal_of(error())
    assert refusal.reason.endswith((".", "!"))
    assert refusal.hint
    assert refusal.status in PHRASES


def test_a_reply_is_a_problem_document_that_closes_the_connection() -> None:
    head, _, body = render(refusal_of(errors.HostMismatch()), inside=True).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 421 Misdirected Request\r\n")
    assert b"\r\nX-Authsome-Error: host_mismatch\r\n" in head
    assert head.endswith(b"\r\nConnection: close")
    assert json.loads(body)["code"] == "host_mismatch"


def test_nothing_in_a_reason_can_add_a_header() -> None:
    refusal = Refusal("a\r\nX: y", 'r\r\n"', "h\r\nSet-Cookie: é", 403)
    head, _, body = render(refusal, inside=False).partition(b"\r\n\r\n")
    assert b"\r\nX:" not in head
    assert b"\r\nSet-Cookie" not in head
    assert json.loads(body)["hint"] == "h\r\nSet-Cookie: é"


def test_only_a_connect_is_told_to_authenticate_to_the_proxy() -> None:
    refusal = refusal_of(errors.RunTokenMissing())
    assert render(refusal, inside=False).startswith(b"HTTP/1.1 407 ")
    inside = render(refusal, inside=True)
    assert inside.startswith(b"HTTP/1.1 403 ")
    assert b"Proxy-Authenticate" not in inside
