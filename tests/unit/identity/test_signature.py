"""A signature is good for exactly one request, to this server, for a minute."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from authsome.identity.did import encode
from authsome.identity.errors import SignatureInvalid, SignatureMissing, SignatureStale
from authsome.identity.signature import MAX_SKEW_SECONDS, Message, sign, verify

NOW = 1_790_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DID = encode(KEY.public_key().public_bytes_raw())
MESSAGE = Message(
    method="POST", authority="localhost:7998", path="/api/identities", query="a=1", body=b'{"label":null}'
)


def signed(message: Message = MESSAGE, *, created: int = NOW, nonce: str = "n" * 22) -> dict[str, str]:
    return sign(message, did=DID, created=created, nonce=nonce, key=KEY.sign)


def test_what_was_signed_verifies() -> None:
    found = verify(MESSAGE, signed(), now=NOW)
    assert (found.did, found.nonce, found.created) == (DID, "n" * 22, NOW)


def test_a_request_without_a_body_needs_no_digest() -> None:
    bare = replace(MESSAGE, method="GET", body=b"")
    assert "content-digest" not in signed(bare)
    verify(bare, signed(bare), now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"authority": "evil.example:7998"},
        {"path": "/api/identities/"},
        {"query": "a=2"},
        {"query": ""},
        {"body": b'{"label":"x"}'},
        {"body": b""},
    ],
)
def test_any_other_request_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(SignatureInvalid):
        verify(replace(MESSAGE, **change), signed(), now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("skew", [-MAX_SKEW_SECONDS - 1, MAX_SKEW_SECONDS + 1, 315_360_000])
def test_a_stale_or_future_signature_is_refused(skew: int) -> None:
    with pytest.raises(SignatureStale):
        verify(MESSAGE, signed(created=NOW + skew), now=NOW)


@pytest.mark.parametrize("name", ["signature", "signature-input"])
def test_a_missing_header_is_said(name: str) -> None:
    headers = signed()
    del headers[name]
    with pytest.raises(SignatureMissing):
        verify(MESSAGE, headers, now=NOW)


def test_a_missing_digest_is_refused() -> None:
    headers = signed()
    del headers["content-digest"]
    with pytest.raises(SignatureInvalid):
        verify(MESSAGE, headers, now=NOW)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (";nonce=", ";n0nce="),
        ('alg="ed25519"', 'alg="none"'),
        ('tag="authsome"', 'tag="other"'),
        ('"@query"', '"@scheme"'),
        (' "content-digest"', ""),
        ("authsome=(", "sig1=("),
        (";created=", ";expires=9999999999;created="),
        ('nonce="nnnnnnnnnnnnnnnnnnnnnn"', 'nonce=""'),
    ],
)
def test_another_profile_is_refused(old: str, new: str) -> None:
    headers = signed()
    assert old in headers["signature-input"]
    headers["signature-input"] = headers["signature-input"].replace(old, new)
    with pytest.raises(SignatureInvalid):
        verify(MESSAGE, headers, now=NOW)


def test_somebody_elses_did_does_not_verify() -> None:
    other = encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    headers = sign(MESSAGE, did=other, created=NOW, nonce="n" * 22, key=KEY.sign)
    with pytest.raises(SignatureInvalid):
        verify(MESSAGE, headers, now=NOW)


@given(st.text(max_size=600), st.text(max_size=600))
def test_any_header_text_is_refused_and_never_fails_otherwise(given_input: str, value: str) -> None:
    headers = {"signature-input": given_input, "signature": value, "content-digest": value}
    with pytest.raises(SignatureInvalid):
        verify(MESSAGE, headers, now=NOW)
