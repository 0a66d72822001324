"""The page about telemetry: where nothing leaves, and where everything is the matter at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from authsome.server.web import pages as p
from tests.unit.server.web.sample_answers import NOW

QUIET_LANE = p.Lane(
    to=None,
    waiting=0,
    last_answer=None,
    last_answer_at=None,
    paused=None,
    resumes_at=None,
    refused=0,
    retrying=0,
    command="authsome telemetry dead-letters",
)
DEAD = (
    p.DeadLetters(reason="400: properties.reason is not a string", events=3),
    p.DeadLetters(reason="413: the event alone is too large", events=1),
)
BUSY_LANE = replace(
    QUIET_LANE,
    to="https://eu.i.posthog.com",
    waiting=48,
    last_answer="503",
    last_answer_at=NOW - timedelta(seconds=35),
    paused="402: the project's quota is used up",
    resumes_at=NOW + timedelta(minutes=40),
    refused=4,
    retrying=2,
    dead_letters=DEAD,
)
FIRST = p.Window(
    opened_at=NOW - timedelta(days=61),
    closed_at=NOW - timedelta(days=3),
    facts="1 to 2481",
    because="turned on",
    form="ids as they are",
    catalogue="9f2c11ab",
)
SECOND = replace(
    FIRST,
    opened_at=NOW - timedelta(days=3),
    closed_at=None,
    facts="2482 on",
    because="another form",
    form="keyed pseudonyms",
)


def quiet_page(guide: str) -> p.TelemetryPage:
    """Nothing leaves, and never did."""
    return p.TelemetryPage(
        mode=p.Badge(text="local", tone=p.Tone.QUIET),
        why="Nothing leaves: AUTHSOME_POSTHOG_API_KEY is not set.",
        since=None,
        form="ids as they are",
        posthog=QUIET_LANE,
        dropped=0,
        guide_url=guide,
    )


def busy_page(guide: str) -> p.TelemetryPage:
    """Two lanes, both paused, letters in both, and a catalogue that has grown."""
    return p.TelemetryPage(
        mode=p.Badge(text="on", tone=p.Tone.GOOD),
        why="AUTHSOME_ENV=prod, a PostHog key is set, and nothing forbids sending.",
        since=NOW - timedelta(days=61),
        form="keyed pseudonyms",
        posthog=BUSY_LANE,
        compared_at=NOW,
        compared="3 lost, 1 phantom",
        file=replace(BUSY_LANE, to="/var/lib/authsome/facts.jsonl", paused="file: No space left on device"),
        dropped=1_204,
        windows=(SECOND, FIRST),
        new_since=("server_upgraded", "identity_registered.surface"),
        guide_url=guide,
    )
