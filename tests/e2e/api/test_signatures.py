"""Signatures that are not good, and good ones that come twice: what registers nothing, and why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from authsome.client.keys import new_key
from authsome.identity.did import PREFIX
from authsome.identity.signature import content_digest
from tests.e2e.api.asking import Answer, message, now, register, signed
from tests.support.server import RealServer

TEN_YEARS = 10 * 365 * 24 * 3600


def refusals(server: RealServer) -> dict[str, tuple[dict[str, str], str]]:
    """Signature headers that are not good, and what is said of each."""
    good = message(server)
    other = message(server, body=b'{"label": "yours"}')
    mine, yours = new_key(), new_key()
    whole = signed(good)
    return {
        "none": ({}, "signature_missing"),
        "no signature": ({"signature-input": whole["signature-input"]}, "signature_missing"),
        "two minutes old": (signed(good, created=now() - 120), "signature_stale"),
        "from the future": (signed(good, created=now() + 120), "signature_stale"),
        "good for ten years": (signed(good, created=now() + TEN_YEARS), "signature_stale"),
        "without a nonce": (signed(good, nonce=""), "signature_invalid"),
        "with a short nonce": (signed(good, nonce="abc"), "signature_invalid"),
        "of another body": (signed(other), "signature_invalid"),
        "of another path": (signed(message(server, path="/runs")), "signature_invalid"),
        "of another method": (signed(message(server, method="PUT")), "signature_invalid"),
        "of another host": (signed(replace(good, authority="example.org")), "signature_invalid"),
        "of another query": (signed(replace(good, query="a=b")), "signature_invalid"),
        "without the body": (signed(message(server, body=b"")), "signature_invalid"),
        "of somebody else's did": (signed(good, did=yours.did, key=mine.sign), "signature_invalid"),
        "of a did without a key": (signed(good, did=PREFIX + "1" * 47), "did_invalid"),
        "of a very long did": (signed(good, did=PREFIX + "6" * 100_000), "signature_invalid"),
        "a digest of its own": (whole | {"content-digest": content_digest(b"other")}, "signature_invalid"),
        "not base64": (whole | {"signature": "authsome=:not base64:"}, "signature_invalid"),
        "an empty signature": (whole | {"signature": "authsome=::"}, "signature_invalid"),
        "very long": (whole | {"signature": "authsome=:" + "A" * 10_000 + ":"}, "signature_invalid"),
        "two labels": (whole | {"signature": whole["signature"] + ", b=:AA==:"}, "signature_invalid"),
    }


CASES = (
    "none",
    "no signature",
    "two minutes old",
    "from the future",
    "good for ten years",
    "without a nonce",
    "with a short nonce",
    "of another body",
    "of another path",
    "of another method",
    "of another host",
    "of another query",
    "without the body",
    "of somebody else's did",
    "of a did without a key",
    "of a very long did",
    "a digest of its own",
    "not base64",
    "an empty signature",
    "very long",
    "two labels",
)


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("case", CASES)
def test_a_signature_that_is_not_good_registers_nothing(server: RealServer, case: str) -> None:
    headers, code = refusals(server)[case]
    answer = register(server, headers)
    assert answer.status in (400, 401, 422)
    assert answer.code == code
    if answer.document:
        assert answer.document["hint"]


def test_every_case_is_tried(server: RealServer) -> None:
    assert set(refusals(server)) == set(CASES)


def test_a_signature_works_once_also_after_a_restart(server: RealServer) -> None:
    asked = message(server)
    headers = signed(asked)
    assert register(server, headers).status == 201
    assert register(server, headers).code == "signature_replayed"
    server.stop()
    server.start()
    assert register(server, headers).code == "signature_replayed"


def test_of_many_replays_at_once_one_works(server: RealServer) -> None:
    headers = signed(message(server))
    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(lambda _: register(server, headers).code, range(8)))
    assert codes == ["", *["signature_replayed"] * 7]


def test_one_key_registered_by_many_at_once_is_one_identity(server: RealServer) -> None:
    key = new_key()

    def once(_: int) -> Answer:
        return register(server, signed(message(server), key))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, range(8)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.document["handle"] for answer in answers}) == 1
    assert len({answer.document["claim_url"] for answer in answers}) == 8
