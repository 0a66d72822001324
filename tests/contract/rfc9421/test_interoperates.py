"""Our signatures and those of an independent library of RFC 9421 are the same thing.

Decision 0005: we verify with our own profile, so somebody else's implementation has to hold us to the RFC.
"""

from __future__ import annotations

import base64
import datetime
from dataclasses import dataclass, field
from typing import Any

import pytest
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519

from authsome.client.keys import Key, new_key
from authsome.identity.did import public_key
from authsome.identity.errors import SignatureInvalid
from authsome.identity.signature import Message, content_digest, sign, verify

NOW = datetime.datetime(2026, 11, 22, 10, 15, tzinfo=datetime.UTC)
NONCE = base64.urlsafe_b64encode(bytes(range(24))).decode()
COVERED = ("@method", "@authority", "@path", "@query")
REQUESTS = {
    "plain": Message(method="GET", authority="localhost:7998", path="/api/whoami"),
    "query": Message(method="GET", authority="localhost:7998", path="/api/x", query="after=a%20b&empty=&c"),
    "body": Message(method="POST", authority="a.example.org", path="/api/identities", body=b'{"label":"x"}'),
    "escaped": Message(
        method="POST", authority="a.example.org", path="/api/a%2Fb/c", query="q=%C3%BC", body=b"\0"
    ),
}


@dataclass
class Request:
    """A request in the shape that the library takes: requests' PreparedRequest."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Keys(HTTPSignatureKeyResolver):
    """The did is the public key; the private one is given."""

    def __init__(self, key: Key | None = None) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> Any:
        return public_key(key_id)

    def resolve_private_key(self, key_id: str) -> Any:
        assert self._key is not None
        return self._key.pem()


def as_request(message: Message) -> Request:
    query = f"?{message.query}" if message.query else ""
    headers = {"host": message.authority}
    if message.body:
        headers["content-digest"] = content_digest(message.body)
    return Request(
        message.method, f"http://{message.authority}{message.path}{query}", headers, message.body or None
    )


@pytest.mark.parametrize("message", REQUESTS.values(), ids=REQUESTS)
def test_the_library_accepts_what_we_sign(message: Message) -> None:
    key, request = new_key(), as_request(message)
    created = int(datetime.datetime.now(datetime.UTC).timestamp())
    request.headers |= sign(message, did=key.did, created=created, nonce=NONCE, key=key.sign)
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=Keys())
    (result,) = verifier.verify(request, expect_tag="authsome")
    covered = {name.strip('"') for name in result.covered_components}
    expected = {*COVERED, "@signature-params"} | ({"content-digest"} if message.body else set())
    assert covered == expected
    assert result.parameters["keyid"] == key.did
    assert result.parameters["nonce"] == NONCE


@pytest.mark.parametrize("message", REQUESTS.values(), ids=REQUESTS)
def test_we_accept_what_the_library_signs(message: Message) -> None:
    key, request = new_key(), as_request(message)
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=Keys(key))
    signer.sign(
        request,
        key_id=key.did,
        created=NOW,
        nonce=NONCE,
        tag="authsome",
        label="authsome",
        covered_component_ids=(*COVERED, "content-digest") if message.body else COVERED,
        body=message.body or None,
        use_existing_digest=bool(message.body),
    )
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = verify(message, headers, now=int(NOW.timestamp()))
    assert (signed.did, signed.nonce) == (key.did, NONCE)


@pytest.mark.parametrize(
    "covered",
    [
        ("@method", "@authority", "@path"),
        ("@authority", "@method", "@path", "@query"),
        (*COVERED, "host"),
        ("@method", "@target-uri"),
    ],
)
def test_what_covers_less_or_says_it_otherwise_is_refused(covered: tuple[str, ...]) -> None:
    key, message = new_key(), REQUESTS["plain"]
    request = as_request(message)
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=Keys(key))
    signer.sign(
        request,
        key_id=key.did,
        created=NOW,
        nonce=NONCE,
        tag="authsome",
        label="authsome",
        covered_component_ids=covered,
    )
    headers = {name.lower(): value for name, value in request.headers.items()}
    with pytest.raises(SignatureInvalid):
        verify(message, headers, now=int(NOW.timestamp()))
