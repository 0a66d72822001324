"""Who signed in, held against what was asked (OpenID Connect Core §3.1.3.7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.connection.oauth.id_token import Expected, is_as_expected
from authsome.kit.secret import Secret
from authsome.testing.oauth.who import sign

# The claims of Core §2 have this issuer, audience and nonce.
NOW = datetime.fromtimestamp(1311280970, UTC)
CLAIMS: dict[str, Any] = {
    "iss": "https://server.example.com",
    "sub": "24400320",
    "aud": "s6BhdRkqt3",
    "nonce": "n-0S6_WzA2Mj",
    "exp": 1311281970,
    "iat": 1311280970,
    "auth_time": 1311280969,
    "acr": "urn:mace:incommon:iap:silver",
}
EXPECTED = Expected("https://server.example.com", "s6BhdRkqt3", "n-0S6_WzA2Mj")


def judged(expected: Expected = EXPECTED, *, algorithm: str = "RS256", **changed: Any) -> bool:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not None}
    return is_as_expected(Secret(sign(claims, secret="s", algorithm=algorithm)), expected, now=NOW)


def test_the_specifications_own_example_is_as_expected() -> None:
    assert judged()
    assert judged(aud=["s6BhdRkqt3"])
    assert judged(aud=["s6BhdRkqt3", "other"], azp="s6BhdRkqt3")


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://server.example.com/"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": None},
        {"aud": {"s6BhdRkqt3": 1}},
        {"aud": ["s6BhdRkqt3", "other"]},
        {"aud": ["s6BhdRkqt3", "other"], "azp": "other"},
        {"azp": "other"},
        {"nonce": "\ud800"},  # which no encoding can write
        {"exp": None},
        {"exp": 1311280970 - 301},
        {"exp": "1311281970"},
        {"exp": True},
        {"exp": 10**30},
        {"iat": None},
        {"iat": 1311280970 + 301},
        {"nonce": None},
        {"nonce": "n-0S6_WzA2Mk"},
        {"nonce": ["n-0S6_WzA2Mj"]},
        {"algorithm": "none"},
    ],
    ids=str,
)
def test_what_is_said_of_another_question_is_not_as_expected(changed: dict[str, Any]) -> None:
    assert not judged(**changed)


def test_clocks_may_differ_by_minutes() -> None:
    assert judged(exp=1311280970 - 299)
    assert judged(iat=1311280970 + 299)


def test_a_device_code_has_no_nonce_to_repeat() -> None:
    assert judged(Expected(EXPECTED.issuer, EXPECTED.client_id, None), nonce=None)


@given(st.text(max_size=60) | st.text(alphabet="eyJ.-_0Aw", max_size=60))
def test_any_text_is_judged_and_none_by_chance_is_right(text: str) -> None:
    assert not is_as_expected(Secret(text), EXPECTED, now=NOW + timedelta(days=1))


@pytest.mark.parametrize("text", ["", "a.b", "e30.e30.", "e30.W10.x", ".".join(["e30"] * 4), "e30.eyJ.x"])
def test_what_is_no_signed_token_is_not_as_expected(text: str) -> None:
    assert not is_as_expected(Secret(text), EXPECTED, now=NOW)
