"""What a test of a provider looked at, and what its answers mean. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from authsome.connection.oauth.failure import RefreshFailure
from authsome.provider.definition.check import Check
from authsome.runtime.oauth.asking import Said

GONE = (404, 405, 410)
_SILENT = {
    RefreshFailure.TIMED_OUT: ("gave no answer in time", "see whether the service is up"),
    RefreshFailure.UNREACHABLE: ("cannot be reached", "compare host and port with the documentation"),
    RefreshFailure.MALFORMED: (
        "answers with more than an answer can be",
        "compare it with the documentation",
    ),
}


class Outcome(StrEnum):
    """What became of one step."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """What was looked at, what became of it, and where it did not pass, what to do."""

    what: str
    about: str
    outcome: Outcome
    detail: str
    advice: str = ""


def silent(what: str, about: str, failure: RefreshFailure) -> Step:
    """No answer came."""
    detail, advice = _SILENT.get(failure, ("gave no answer", "try again in a moment"))
    return Step(what, about, Outcome.FAILED, detail, advice)


def judge_endpoint(what: str, url: str, said: Said | RefreshFailure) -> Step:
    """An address of OAuth that was asked something harmless: it has to be there, and to refuse it."""
    if isinstance(said, RefreshFailure):
        return silent(what, url, said)
    detail = f"answers {said.status}"
    if said.status in GONE:
        return Step(what, url, Outcome.FAILED, detail, f"nothing is there; correct oauth.{what}")
    if said.status >= 500:
        return Step(what, url, Outcome.FAILED, detail, "the service has a fault; try again later")
    return Step(what, url, Outcome.PASSED, detail)


def judge_token(url: str, said: Said | RefreshFailure) -> Step:
    """A token address that was asked for a grant that there is none of: RFC 6749 §5.2 has it say so."""
    step = judge_endpoint("token_url", url, said)
    if step.outcome is not Outcome.PASSED or isinstance(said, RefreshFailure):
        return step
    if 300 <= said.status < 400:
        advice = "a secret does not follow a redirect; name the address it leads to in oauth.token_url"
        return Step("token_url", url, Outcome.FAILED, step.detail, advice)
    if said.status >= 400 or "error" in said.body[:2_000].decode("utf-8", "replace"):
        return step
    return Step(
        "token_url",
        url,
        Outcome.FAILED,
        f"{step.detail} to nonsense",
        "it is no token address; correct oauth.token_url",
    )


def judge_check(check: Check, reference: str, said: Said | RefreshFailure) -> Step:
    """What the provider's API says to the credential. Nothing of its text goes any further."""
    if isinstance(said, RefreshFailure):
        return silent("credential", check.url, said)
    try:
        document = json.loads(said.body)
    except (ValueError, RecursionError):
        document = None
    if check.is_passed(said.status, document):
        return Step("credential", check.url, Outcome.PASSED, f"answers {said.status} to {reference}")
    detail = f"answers {said.status} to {reference}"
    if said.status in (401, 403):
        advice = f"connect it again, or compare `inject` with the documentation: {reference} is not taken"
    elif said.status in GONE:
        advice = "nothing is there; correct check.url"
    elif 200 <= said.status < 300:
        advice = f"the answer does not say true at {check.confirms}; {reference} is not taken"
    else:
        advice = "compare check.url and check.headers with the documentation"
    return Step("credential", check.url, Outcome.FAILED, detail, advice)
