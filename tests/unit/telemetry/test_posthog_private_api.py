"""Whether PostHog's private API may be asked, how often, and what its answers mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from authsome.kit.secret import Secret
from authsome.telemetry.mode import TelemetrySettings, decide_mode
from authsome.telemetry.sinks.posthog.private.access import (
    Access,
    Unavailable,
    api_host,
    find_access,
    find_access_of_operator,
)
from authsome.telemetry.sinks.posthog.private.allowance import Allowance
from authsome.telemetry.sinks.posthog.private.answer import (
    Answer,
    Answered,
    NotAllowed,
    Refused,
    TryLater,
    understand,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEYED = TelemetrySettings(
    env="prod",
    posthog_api_key=Secret("phc_key"),
    posthog_personal_api_key=Secret("phx_key"),
    posthog_project_id="7",
)


def access(settings: TelemetrySettings) -> Access | Unavailable:
    return find_access(settings, decide_mode(settings))


def test_with_key_and_project_the_host_is_found_from_the_one_that_facts_go_to() -> None:
    found = access(KEYED)
    assert isinstance(found, Access)
    assert (found.host, found.project_id) == ("https://us.posthog.com", "7")


@pytest.mark.parametrize(
    ("ingestion", "private"),
    [
        ("https://us.i.posthog.com", "https://us.posthog.com"),
        ("https://EU.i.posthog.com/", "https://eu.posthog.com"),
        ("https://posthog.example.org:8443", "https://posthog.example.org:8443"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
    ],
)
def test_the_cloud_has_two_hosts_and_a_posthog_of_ones_own_has_one(ingestion: str, private: str) -> None:
    assert api_host(ingestion) == private


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"do_not_track": "1"}, "telemetry is local: AUTHSOME_DO_NOT_TRACK forbids it"),
        ({"telemetry": "log"}, "telemetry is log: AUTHSOME_TELEMETRY is log"),
        ({"posthog_personal_api_key": None}, "AUTHSOME_POSTHOG_PERSONAL_API_KEY is not set"),
        (
            {"posthog_personal_api_key": Secret(" "), "posthog_project_id": None},
            "AUTHSOME_POSTHOG_PERSONAL_API_KEY and AUTHSOME_POSTHOG_PROJECT_ID are not set",
        ),
        ({"posthog_personal_api_key": Secret("phc_marker")}, "a personal one begins with phx_"),
        ({"posthog_personal_api_key": Secret("phx marker")}, "is not a personal key"),
        ({"posthog_project_id": "../7"}, "AUTHSOME_POSTHOG_PROJECT_ID is not a number"),
        ({"posthog_api_host": "http://posthog.example.org"}, "AUTHSOME_POSTHOG_API_HOST is plain http"),
        ({"posthog_api_host": "https://me:marker@posthog.example.org"}, "nothing secret"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_never_repeated(change: dict[str, Any], because: str) -> None:
    found = access(replace(KEYED, **change))
    assert isinstance(found, Unavailable)
    assert because in found.because
    assert "marker" not in found.because


@pytest.mark.parametrize(
    ("status", "text", "means"),
    [
        (200, '{"results": []}', Answered({"results": []})),
        (202, "", Answered(None)),
        (200, "<html>", NotAllowed("the answer is not PostHog's: is AUTHSOME_POSTHOG_API_HOST right?")),
        (400, '{"detail": "no such column"}', Refused(400, "400 no such column")),
        (404, "not\nhere", Refused(404, "404 not here")),
        (401, '{"detail": "invalid"}', NotAllowed("401 invalid")),
        (
            403,
            '{"detail": "API key missing required scope"}',
            NotAllowed("403 API key missing required scope"),
        ),
        (402, "", NotAllowed("402")),
        (429, "", TryLater("429", 9.0, untouched=True)),
        (408, "", TryLater("408", 9.0)),
        (503, "", TryLater("503", 9.0)),
    ],
)
def test_each_answer_has_one_meaning(status: int, text: str, means: Answer) -> None:
    assert understand(status, text, retry_after=9.0) == means


def test_a_redirect_is_for_the_operator_to_follow() -> None:
    found = understand(307, "")
    assert isinstance(found, NotAllowed)
    assert "AUTHSOME_POSTHOG_API_HOST" in found.reason


def test_the_allowance_says_when_the_next_call_may_be() -> None:
    allowance = Allowance(((timedelta(seconds=10), 2), (timedelta(seconds=100), 3)))
    assert allowance.take(NOW) is None
    assert allowance.take(NOW + timedelta(seconds=4)) is None
    assert allowance.take(NOW + timedelta(seconds=6)) == 4.0
    assert allowance.take(NOW + timedelta(seconds=10)) is None
    assert allowance.take(NOW + timedelta(seconds=30)) == 70.0


@pytest.mark.parametrize("telemetry", [None, "local", "log"])
def test_what_an_operator_types_is_asked_also_where_no_facts_are_sent(telemetry: str | None) -> None:
    settings = replace(KEYED, env=None, posthog_api_key=None, telemetry=telemetry)
    assert isinstance(access(settings), Unavailable)
    assert isinstance(find_access_of_operator(settings, decide_mode(settings)), Access)


@pytest.mark.parametrize(
    "change",
    [
        {"do_not_track": "1"},
        {"global_do_not_track": "true", "telemetry": "local"},
        {"telemetry": "off"},
        {"telemetry": "sometimes"},
    ],
)
def test_what_forbids_also_forbids_what_an_operator_types(change: dict[str, Any]) -> None:
    settings = replace(KEYED, **change)
    found = find_access_of_operator(settings, decide_mode(settings))
    assert isinstance(found, Unavailable)
    assert found.forbidden
