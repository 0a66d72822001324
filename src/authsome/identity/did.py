"""did:key for Ed25519: the public key as text (https://w3c-ccg.github.io/did-method-key/, 2024)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from authsome.identity.errors import DidInvalid

PREFIX = "did:key:z"
_MULTICODEC_ED25519 = b"\xed\x01"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGIT = {c: i for i, c in enumerate(_BASE58)}
_LENGTH = 56  # of every Ed25519 did:key; checked before decoding, which costs the square of the length

# The eight points of small order and their non-canonical spellings (RFC 8032 §8.9 and libsodium's list):
# for these "keys" a signature can be made without any secret, so they prove nothing.
_SMALL_ORDER = {
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "00" * 31 + "80",
        "01" + "00" * 30 + "80",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ec" + "ff" * 30 + "7f",
        "ec" + "ff" * 31,
        "ed" + "ff" * 30 + "7f",
        "ed" + "ff" * 31,
        "ee" + "ff" * 30 + "7f",
        "ee" + "ff" * 31,
    )
}


def encode(public_key: bytes) -> str:
    """The did of a raw 32-byte public key."""
    number = int.from_bytes(_MULTICODEC_ED25519 + public_key, "big")
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_BASE58[digit])
    return PREFIX + "".join(reversed(digits))


def decode(did: str) -> bytes:
    """The raw public key in `did`. Raises `DidInvalid` for anything but one canonical spelling."""
    if len(did) != _LENGTH or not did.startswith(PREFIX):
        raise DidInvalid
    number = 0
    for character in did[len(PREFIX) :]:
        digit = _DIGIT.get(character)
        if digit is None:
            raise DidInvalid
        number = number * 58 + digit
    if number >> 272:
        raise DidInvalid
    raw = number.to_bytes(34, "big")
    if not raw.startswith(_MULTICODEC_ED25519) or raw[2:] in _SMALL_ORDER:
        raise DidInvalid
    return raw[2:]


def public_key(did: str) -> Ed25519PublicKey:
    """The key that verifies what `did` signed. Raises `DidInvalid`."""
    return Ed25519PublicKey.from_public_bytes(decode(did))
