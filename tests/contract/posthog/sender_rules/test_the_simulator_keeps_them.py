"""The simulator answers as each row of the tables says, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from authsome.testing.posthog import Answer, PostHogSimulator
from tests.contract.posthog.sender_rules.asking import ask
from tests.contract.posthog.sender_rules.rules import BAD, V0, V1, Reaction, Rule

ROWS = [
    pytest.param(api, rule, id=f"{api}: {rule.name}")
    for api, rules in (("v0", V0), ("v1", V1))
    for rule in rules
]


@pytest.fixture
def posthog() -> Iterator[PostHogSimulator]:
    with PostHogSimulator() as simulator:
        yield simulator


@pytest.mark.parametrize(("api", "rule"), ROWS)
def test_it_answers_so(posthog: PostHogSimulator, api: str, rule: Rule) -> None:
    rule.cause(posthog)
    if rule.status is None:
        with pytest.raises(httpx.HTTPError):
            ask(posthog, api, key=rule.key)
    else:
        answer = ask(posthog, api, key=rule.key)
        assert (answer.status_code, rule.text in answer.text) == (rule.status, True), answer.text
    kept = {event.distinct_id for event in posthog.taken}
    partly = rule.status == 200 and rule.reaction in (Reaction.BURY, Reaction.APART)
    everything = {"prn_0", "prn_1", "prn_2"}
    assert kept == (everything if rule.taken else everything - {BAD} if partly else set())


@pytest.mark.parametrize("api", ["v0", "v1"])
def test_it_can_ask_for_patience(posthog: PostHogSimulator, api: str) -> None:
    posthog.next(Answer(status=429, retry_after="7"))
    assert ask(posthog, api).headers["retry-after"] == "7"
