"""What a 401 says, as RFC 9110 has it written: several schemes, quotes, commas inside them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.provider.discovery.challenge import Challenge, read_challenge

DOCUMENT = "https://resource.example.com/.well-known/oauth-protected-resource"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        # RFC 9728 §5.1
        (f'Bearer resource_metadata="{DOCUMENT}"', Challenge(DOCUMENT)),
        # MCP's own example, with scopes
        (
            f'Bearer resource_metadata="{DOCUMENT}", scope="files:read files:write"',
            Challenge(DOCUMENT, ("files:read", "files:write")),
        ),
        (f'bearer error="invalid_token",resource_metadata = "{DOCUMENT}"', Challenge(DOCUMENT)),
        (f'Basic realm="a, Bearer", Bearer resource_metadata="{DOCUMENT}"', Challenge(DOCUMENT)),
        (f'Negotiate YWJj==, Bearer resource_metadata="{DOCUMENT}"', Challenge(DOCUMENT)),
        # RFC 9110 §11.6.1
        ('Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"', Challenge()),
        (f'DPoP resource_metadata="{DOCUMENT}"', Challenge()),
        (
            f'Bearer resource_metadata="{DOCUMENT}", resource_metadata="https://evil.example"',
            Challenge(DOCUMENT),
        ),
        ("Bearer", Challenge()),
        ("", Challenge()),
        ('Bearer resource_metadata="unclosed', Challenge()),
        (f'resource_metadata="{DOCUMENT}"', Challenge()),
    ],
)
def test_a_challenge_is_read(header: str, found: Challenge) -> None:
    assert read_challenge([header]) == found


def test_the_one_that_names_a_document_counts_and_else_the_first() -> None:
    one, other = 'Bearer realm="x", scope="a"', f'Bearer resource_metadata="{DOCUMENT}"'
    assert read_challenge([one, other]) == Challenge(DOCUMENT)
    assert read_challenge([one]) == Challenge(None, ("a",))


@given(st.lists(st.text(max_size=300), max_size=5))
def test_nothing_makes_it_fail(headers: list[str]) -> None:
    read_challenge(headers)


@pytest.mark.parametrize("header", ['a="' * 4000, "," * 50_000, "a " * 30_000, 'Bearer a="' + "\\" * 60_000])
def test_nothing_makes_it_slow(header: str) -> None:
    began = time.monotonic()
    read_challenge([header])
    assert time.monotonic() - began < 5
