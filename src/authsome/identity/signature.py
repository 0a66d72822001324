"""HTTP message signatures: one strict profile of RFC 9421, for both sides.

The label is `authsome`, the components are `"@method" "@authority" "@path" "@query"` in this order and
`"content-digest"` (RFC 9530, sha-256) behind them where there is a body, and the parameters are
`created`, `keyid` (the did), `alg`, `nonce` and `tag`, in this order. A signature that says the same in
another order is refused: there is one spelling, so nothing has to be interpreted.

What it proves: the holder of the key asked exactly this, of exactly this server, within a minute. That
it is the first time is the nonce's part, which the caller checks against the books.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from authsome.identity import did as did_key
from authsome.identity.errors import SignatureInvalid, SignatureMissing, SignatureStale

MAX_SKEW_SECONDS = 60
LONGEST_HEADER = 512

_COVERED = '"@method" "@authority" "@path" "@query"'
_INPUT = re.compile(
    r'authsome=(?P<params>\("@method" "@authority" "@path" "@query"(?P<digest> "content-digest")?\)'
    r';created=(?P<created>[0-9]{10});keyid="(?P<keyid>did:key:z[1-9A-HJ-NP-Za-km-z]{47})"'
    r';alg="ed25519";nonce="(?P<nonce>[A-Za-z0-9_-]{22,43})";tag="authsome")'
)
_SIGNATURE = re.compile(r"authsome=:(?P<value>[A-Za-z0-9+/]{86}==):")
_DIGEST = re.compile(r"sha-256=:(?P<value>[A-Za-z0-9+/]{43}=):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The parts of a request that are signed. `query` is without the question mark; `body` may be empty."""

    method: str
    authority: str
    path: str
    query: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed, and the nonce that must be new."""

    did: str
    nonce: str
    created: int


def sign(
    message: Message, *, did: str, created: int, nonce: str, key: Callable[[bytes], bytes]
) -> dict[str, str]:
    """The headers to add. `created` is in seconds since 1970; `key` signs bytes with Ed25519."""
    covered = _COVERED + (' "content-digest"' if message.body else "")
    params = f'({covered});created={created};keyid="{did}";alg="ed25519";nonce="{nonce}";tag="authsome"'
    headers = {"signature-input": f"authsome={params}"}
    digest = content_digest(message.body) if message.body else None
    if digest:
        headers["content-digest"] = digest
    signature = base64.b64encode(key(_base(message, digest, params))).decode()
    headers["signature"] = f"authsome=:{signature}:"
    return headers


def verify(message: Message, headers: Mapping[str, str], *, now: int) -> Signed:
    """Check everything but the nonce. `now` is in seconds since 1970; header names are in lower case.

    Raises `SignatureMissing`, `SignatureInvalid` or `SignatureStale`. Time and memory are bounded: sizes
    are checked before anything is parsed, and the body's digest only after the signature has verified.
    """
    given, value = headers.get("signature-input"), headers.get("signature")
    if given is None or value is None:
        raise SignatureMissing
    if len(given) > LONGEST_HEADER or len(value) > LONGEST_HEADER:
        raise SignatureInvalid("the signature headers are too long")
    said, signature = _INPUT.fullmatch(given), _SIGNATURE.fullmatch(value)
    if said is None or signature is None:
        raise SignatureInvalid("the signature headers do not have the one form that is accepted")
    if abs(now - int(said["created"])) > MAX_SKEW_SECONDS:
        raise SignatureStale
    digest = headers.get("content-digest")
    if bool(said["digest"]) != bool(message.body) or (message.body and digest is None):
        raise SignatureInvalid("a body and its content-digest must both be signed, or both be absent")
    try:
        raw = base64.b64decode(signature["value"], validate=True)
        _key(said["keyid"]).verify(raw, _base(message, digest if message.body else None, said["params"]))
    except (InvalidSignature, binascii.Error) as error:
        raise SignatureInvalid from error
    if message.body:
        _check_digest(message.body, digest or "")
    return Signed(said["keyid"], said["nonce"], int(said["created"]))


def content_digest(body: bytes) -> str:
    """RFC 9530 §2, sha-256."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _check_digest(body: bytes, digest: str) -> None:
    if not _DIGEST.fullmatch(digest) or digest != content_digest(body):
        raise SignatureInvalid("the body is not the one that was signed")


def _base(message: Message, digest: str | None, params: str) -> bytes:
    """RFC 9421 §2.5. Callers keep line breaks out of every part; a server's parser refuses them."""
    lines = [
        f'"@method": {message.method}',
        f'"@authority": {message.authority.lower()}',
        f'"@path": {message.path}',
        f'"@query": ?{message.query}',
    ]
    if digest is not None:
        lines.append(f'"content-digest": {digest}')
    lines.append(f'"@signature-params": {params}')
    return "\n".join(lines).encode()


@lru_cache(maxsize=4096)
def _key(did: str) -> Ed25519PublicKey:
    """Decoded keys, kept: a pure function of the did, so that nothing here can be out of date."""
    return did_key.public_key(did)
