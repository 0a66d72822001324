"""What an answer means to a test of a provider, and what to do about it."""

from __future__ import annotations

import pytest

from authsome.connection.oauth.failure import RefreshFailure
from authsome.provider.definition.check import Check
from authsome.runtime.oauth.asking import Said
from authsome.runtime.providers.steps import Outcome, judge_check, judge_endpoint, judge_token

URL = "https://id.acme.test/x"
CHECK = Check(url="https://api.acme.test/me")


def said(status: int, body: bytes = b"") -> Said:
    return Said(status, {}, body)


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 422])
def test_an_address_that_refuses_nonsense_is_there(status: int) -> None:
    assert judge_endpoint("revocation_url", URL, said(status)).outcome is Outcome.PASSED


@pytest.mark.parametrize("status", [404, 405, 410, 500, 503])
def test_an_address_where_nothing_is_is_named(status: int) -> None:
    step = judge_endpoint("revocation_url", URL, said(status))
    assert step.outcome is Outcome.FAILED
    assert step.advice


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (said(400, b'{"error": "unsupported_grant_type"}'), Outcome.PASSED),
        (said(401), Outcome.PASSED),
        (said(200, b"error=bad_request"), Outcome.PASSED),  # as GitHub does
        (said(200, b"<html>Welcome</html>"), Outcome.FAILED),
        (said(302), Outcome.FAILED),
        (said(404), Outcome.FAILED),
        (RefreshFailure.TIMED_OUT, Outcome.FAILED),
        (RefreshFailure.UNREACHABLE, Outcome.FAILED),
    ],
)
def test_a_token_address_says_no_and_sends_nobody_elsewhere(
    answer: Said | RefreshFailure, outcome: Outcome
) -> None:
    step = judge_token(URL, answer)
    assert step.outcome is outcome
    assert bool(step.advice) == (outcome is Outcome.FAILED)


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (said(401, b"who?"), "connect it again"),
        (said(403), "connect it again"),
        (said(404), "correct check.url"),
        (said(302), "compare check.url"),
        (said(500), "compare check.url"),
        (RefreshFailure.TIMED_OUT, "is up"),
    ],
)
def test_a_credential_that_is_not_taken_has_its_advice(answer: Said | RefreshFailure, advice: str) -> None:
    step = judge_check(CHECK, "acme/work", answer)
    assert step.outcome is Outcome.FAILED
    assert advice in step.advice
    assert "who?" not in step.detail + step.advice


def test_two_hundred_alone_is_not_enough_where_the_definition_says_so() -> None:
    assert judge_check(CHECK, "acme/work", said(200)).outcome is Outcome.PASSED
    confirms = Check(url=CHECK.url, confirms="ok")
    assert judge_check(confirms, "acme/work", said(200, b'{"ok": true}')).outcome is Outcome.PASSED
    for body in (b'{"ok": false}', b"no json", b"[" * 60_000):
        assert judge_check(confirms, "acme/work", said(200, body)).outcome is Outcome.FAILED
