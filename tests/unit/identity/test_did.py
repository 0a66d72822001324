"""A did has one spelling, and only keys that prove something are accepted."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.identity.did import decode, encode, public_key
from authsome.identity.errors import DidInvalid

# From the did:key method's own examples for Ed25519.
KNOWN = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


def test_the_methods_own_example_reads_and_writes() -> None:
    raw = decode(KNOWN)
    assert len(raw) == 32
    assert encode(raw) == KNOWN


@given(st.binary(min_size=32, max_size=32).filter(lambda raw: raw[1:-1] != bytes(30)))
def test_writing_and_reading_gives_the_same_key(raw: bytes) -> None:
    try:
        assert decode(encode(raw)) == raw
    except DidInvalid:
        assert raw[0] in (0, 1, 0xEC, 0xED, 0xEE, 0x26, 0xC7)


@given(st.text(max_size=80) | st.text(alphabet=KNOWN, min_size=56, max_size=56))
def test_any_other_text_is_refused_or_is_the_one_spelling(text: str) -> None:
    with suppress(DidInvalid):
        assert encode(decode(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "did:key:z",
        KNOWN + "\n",
        KNOWN[:-1],
        KNOWN.replace("z6Mk", "z6mk"),
        KNOWN.replace("did:key", "did:web"),
        "did:key:z" + "1" * 47,
        "did:key:z" + "z" * 47,
        "did:key:z" + "6" * 100_000,
    ],
)
def test_malformed_dids_are_refused_at_once(text: str) -> None:
    with pytest.raises(DidInvalid):
        decode(text)


@pytest.mark.parametrize("raw", [bytes(32), b"\x01" + bytes(31), b"\xed" + b"\xff" * 30 + b"\x7f"])
def test_keys_that_need_no_secret_are_refused(raw: bytes) -> None:
    with pytest.raises(DidInvalid):
        public_key(encode(raw))
