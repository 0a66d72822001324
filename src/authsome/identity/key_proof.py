"""The proof that a new key agrees to replace an old one, at one server, now. For both sides.

The request that carries it is signed by the old key and covers it, so neither key can be replaced by
somebody who holds only the other. What is signed begins with words of its own: no signature base of
RFC 9421 does, so neither can be passed off as the other. It needs no nonce: sent again, it would have to be
signed by the old key, which has not worked since.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature

from authsome.identity import did as did_key
from authsome.identity.errors import RotationUnproven, SignatureStale
from authsome.identity.signature import MAX_SKEW_SECONDS

_PURPOSE = "authsome key rotation 1"
_SIGNATURE_BASE64 = 88  # of 64 bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyProof:
    """What the new key says. `created` is in seconds since 1970; `signature` is base64 and not SECRET."""

    did: str
    created: int
    signature: str


def prove(
    *, authority: str, old_did: str, new_did: str, created: int, key: Callable[[bytes], bytes]
) -> KeyProof:
    """The proof; `key` signs bytes with the new key, and `authority` is the server's host and port."""
    said = _text(authority, old_did, new_did=new_did, created=created)
    return KeyProof(did=new_did, created=created, signature=base64.b64encode(key(said)).decode())


def check_proof(proof: KeyProof, *, authority: str, old_did: str, now: int) -> None:
    """Raises `DidInvalid`, `SignatureStale` or `RotationUnproven`."""
    public_key = did_key.public_key(proof.did)
    if abs(now - proof.created) > MAX_SKEW_SECONDS:
        raise SignatureStale
    if len(proof.signature) != _SIGNATURE_BASE64:
        raise RotationUnproven
    said = _text(authority, old_did, new_did=proof.did, created=proof.created)
    try:
        public_key.verify(base64.b64decode(proof.signature, validate=True), said)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise RotationUnproven from error


def _text(authority: str, old_did: str, *, new_did: str, created: int) -> bytes:
    lines = (_PURPOSE, f"at {authority.lower()}", f"from {old_did}", f"to {new_did}", f"created {created}")
    return "\n".join(lines).encode()
