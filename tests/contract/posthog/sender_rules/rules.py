"""PostHog's rules for those who send to it, as two tables: one for each capture API.

A row says how something comes about, what PostHog answers, and what a sender has to do with that. The same
row is put to the simulator by a plain HTTP client (does it answer so?) and to our relay (does it react so?).

Sources: `api.rs`, `token.rs`, `router.rs` and `v0_endpoint.rs` of PostHog's capture service for v0, its
`v1/analytics/{process,types,constants}.rs` for v1, `CONTRACT.yaml` of PostHog/posthog-sdk-test-harness for
what is tried again, RFC 9110 for the rest. Where PostHog's own libraries give up (after four tries; at once
for a 429 of v1), we do not: a fact stays in the log until somebody takes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from authsome.testing.posthog import Answer, Drop, Hang, Judge, Misbehaviour, PostHogSimulator, Redirect

ELSEWHERE = "http://127.0.0.1:9/"
BAD = "prn_1"  # the second of the facts that are sent


class Reaction(Enum):
    """What becomes of a batch of facts."""

    DONE = auto()  # one request, and nothing is left
    LATER = auto()  # the same again, after a while that grows
    PAUSE = auto()  # nothing more for an hour: only an operator can mend it
    SPLIT = auto()  # at once in halves
    BURY = auto()  # the one to blame is a dead letter, the others arrive
    APART = auto()  # the one that was put off comes again alone, the others have arrived


@dataclass(frozen=True, slots=True)
class Rule:
    """`cause` makes it happen once; `status` is None where no answer comes, `key` another than the right."""

    name: str
    source: str
    cause: Callable[[PostHogSimulator], None]
    status: int | None
    reaction: Reaction
    text: str = ""
    key: str = ""
    taken: bool = False  # the events were taken although the answer does not say so


def once(misbehaviour: Misbehaviour) -> Callable[[PostHogSimulator], None]:
    return lambda posthog: posthog.next(misbehaviour)


def well(_posthog: PostHogSimulator) -> None:
    """Nothing is wrong."""


def refuse_one(posthog: PostHogSimulator) -> None:
    posthog.refuses = frozenset({BAD})


def exceed_quota(posthog: PostHogSimulator) -> None:
    posthog.quota_exceeded = True


def status(code: int, reaction: Reaction, source: str, *, take: bool = False) -> Rule:
    """An answer with this status, for whatever reason."""
    late = ", after the events were taken" if take else ""
    cause = once(Answer(status=code, text="no", take=take))
    return Rule(f"{code}{late}", source, cause, code, reaction, "no", taken=take)


HARNESS, RFC = "CONTRACT.yaml: retry", "RFC 9110 §15"
BOTH = (
    *(status(code, Reaction.LATER, HARNESS) for code in (408, 429, 500, 502, 503, 504)),
    status(500, Reaction.LATER, HARNESS, take=True),
    *(status(code, Reaction.PAUSE, HARNESS) for code in (401, 402, 403)),
    *(status(code, Reaction.PAUSE, RFC) for code in (404, 405, 410, 415)),
    status(413, Reaction.SPLIT, "router.rs: DefaultBodyLimit"),
    *(
        Rule(
            f"redirect {code}",
            "key and facts are for one host",
            once(Redirect(location=ELSEWHERE, status=code)),
            code,
            Reaction.PAUSE,
        )
        for code in (301, 302, 303, 307, 308)
    ),
    Rule("no answer", HARNESS, once(Hang()), None, Reaction.LATER),
    Rule(
        "no answer, after the events were taken",
        HARNESS,
        once(Hang(take=True)),
        None,
        Reaction.LATER,
        taken=True,
    ),
    Rule("hung up", HARNESS, once(Drop()), None, Reaction.LATER),
    Rule("hung up after taking", HARNESS, once(Drop(take=True)), None, Reaction.LATER, taken=True),
    Rule(
        "a page instead of an answer",
        "api.rs: CaptureResponse is JSON",
        once(Answer(status=200, text="<html>Welcome to the hotel</html>")),
        200,
        Reaction.PAUSE,
    ),
)

V0 = (
    Rule("taken", "api.rs: CaptureResponse", well, 200, Reaction.DONE, '{"status":"Ok"}', taken=True),
    Rule(
        "one malformed event refuses the batch",
        "v0_endpoint.rs: process_events",
        refuse_one,
        400,
        Reaction.BURY,
        "failed to parse request",
    ),
    Rule(
        "a personal key",
        "token.rs",
        well,
        401,
        Reaction.PAUSE,
        "API key is not valid: personal_api_key",
        key="phx_personal",
    ),
    Rule(
        "an exceeded quota is not said",
        "api.rs: 200 whatever the billing limit",
        exceed_quota,
        200,
        Reaction.DONE,
        '{"status":"Ok"}',
    ),
    *BOTH,
)

V1 = (
    Rule("taken", "types.rs: EventResult ok", well, 200, Reaction.DONE, '"result": "ok"', taken=True),
    Rule(
        "a warning is taken",
        "types.rs: EventResult warning",
        once(Judge({BAD: "warning"})),
        200,
        Reaction.DONE,
        '"warning"',
        taken=True,
    ),
    Rule(
        "a limited event is taken",
        "types.rs: EventResult limited",
        once(Judge({BAD: "limited"})),
        200,
        Reaction.DONE,
        '"limited"',
        taken=True,
    ),
    Rule(
        "a dropped event",
        "types.rs: EventResult drop",
        once(Judge({BAD: "drop"})),
        200,
        Reaction.BURY,
        '"drop"',
    ),
    Rule(
        "an event to be sent again",
        "types.rs: EventResult retry",
        once(Judge({BAD: "retry"})),
        200,
        Reaction.APART,
        '"retry"',
    ),
    Rule("a malformed body refuses the batch", "process.rs", refuse_one, 400, Reaction.BURY, "invalid body"),
    Rule(
        "a personal key",
        "token.rs",
        well,
        401,
        Reaction.PAUSE,
        "API key is not valid: personal_api_key",
        key="phx_personal",
    ),
    Rule(
        "an exceeded quota is said",
        "process.rs: 402",
        exceed_quota,
        402,
        Reaction.PAUSE,
        "billing limit reached",
    ),
    *BOTH,
)
