"""Whether anything may leave, for every combination of settings that an operator can make."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.kit.secret import Secret
from authsome.telemetry.mode import DEFAULT_HOST, Mode, TelemetrySettings, decide_mode, forbids

OPTED_IN = TelemetrySettings(env="prod", posthog_api_key=Secret("phc_key"))


def test_a_production_server_with_a_key_sends() -> None:
    decision = decide_mode(OPTED_IN)
    assert (decision.mode, decision.host, decision.sends) == (Mode.ON, DEFAULT_HOST, True)


def test_without_any_setting_nothing_leaves_and_the_built_in_pages_work() -> None:
    assert decide_mode(TelemetrySettings()).mode is Mode.LOCAL


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"env": None}, "AUTHSOME_ENV is not prod"),
        ({"env": "production"}, "AUTHSOME_ENV is not prod"),
        ({"env": "PROD"}, "AUTHSOME_ENV is not prod"),
        ({"posthog_api_key": None}, "AUTHSOME_POSTHOG_API_KEY is not set"),
        ({"posthog_api_key": Secret("  ")}, "AUTHSOME_POSTHOG_API_KEY is not set"),
        ({"do_not_track": "1"}, "AUTHSOME_DO_NOT_TRACK forbids it"),
        ({"global_do_not_track": "yes"}, "DO_NOT_TRACK forbids it"),
        ({"do_not_track": "0", "global_do_not_track": "1"}, "DO_NOT_TRACK forbids it"),
    ],
)
def test_any_one_of_the_three_conditions_missing_keeps_everything_local(
    change: dict[str, str], because: str
) -> None:
    decision = decide_mode(replace(OPTED_IN, **change))  # type: ignore[arg-type]
    assert (decision.mode, decision.because, decision.warnings) == (Mode.LOCAL, because, ())


@pytest.mark.parametrize("value", [None, "", "0", "false", "False", " 0 "])
def test_zero_false_and_empty_do_not_forbid(value: str | None) -> None:
    assert not forbids(value)
    assert decide_mode(replace(OPTED_IN, do_not_track=value, global_do_not_track=value)).sends


@pytest.mark.parametrize("value", ["1", "true", "no", "off", "00", "whatever"])
def test_every_other_value_forbids(value: str) -> None:
    assert forbids(value)


def test_zero_alone_never_grants() -> None:
    assert not decide_mode(TelemetrySettings(do_not_track="0", global_do_not_track="0")).sends


@pytest.mark.parametrize("asked", ["off", "local", "log", " LOG "])
def test_the_telemetry_setting_wins_over_all_others(asked: str) -> None:
    decision = decide_mode(replace(OPTED_IN, telemetry=asked))
    assert (decision.mode, decision.warnings) == (Mode(asked.strip().lower()), ())


@pytest.mark.parametrize("asked", ["on", "true", "1", "enabled", "lcoal"])
def test_an_unknown_value_is_off_and_loud(asked: str) -> None:
    decision = decide_mode(replace(OPTED_IN, telemetry=asked))
    assert decision.mode is Mode.OFF
    assert "AUTHSOME_TELEMETRY" in decision.warnings[0]


@pytest.mark.parametrize(
    "host",
    [
        "http://posthog.example.org",
        "http://127.0.0.1.example.org",
        "http://10.0.0.1",
        "posthog.example.org",
        "ftp://posthog.example.org",
        "https://",
        "https://name:word@posthog.example.org",
        "https://posthog.example.org?key=1",
        "https://[::1",
        "https://posthog.example.org:port",
    ],
)
def test_a_host_that_facts_must_not_go_to_keeps_everything_local_and_says_so(host: str) -> None:
    decision = decide_mode(replace(OPTED_IN, posthog_host=host))
    assert decision.mode is Mode.LOCAL
    assert "AUTHSOME_POSTHOG_HOST" in decision.warnings[0]


@pytest.mark.parametrize(
    "host",
    ["https://eu.i.posthog.com/", "http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"],
)
def test_https_anywhere_and_plain_http_to_this_machine_are_allowed(host: str) -> None:
    decision = decide_mode(replace(OPTED_IN, posthog_host=host))
    assert (decision.mode, decision.host) == (Mode.ON, host.rstrip("/"))


@pytest.mark.parametrize("key", ["phx_personal", "phc_" + "x" * 61, "phc_ö", "phc_a b", "phc_a\nb"])
def test_a_key_that_is_not_a_projects_is_never_sent(key: str) -> None:
    decision = decide_mode(replace(OPTED_IN, posthog_api_key=Secret(key)))
    assert decision.mode is Mode.LOCAL
    assert key not in repr(decision)


@given(
    env=st.sampled_from([None, "", "prod", "dev"]),
    telemetry=st.sampled_from([None, "", "off", "local", "log", "on", "1"]),
    key=st.sampled_from([None, "", "phc_key", "phx_key"]),
    own=st.sampled_from([None, "", "0", "1", "false", "x"]),
    shared=st.sampled_from([None, "", "0", "1", "false", "x"]),
)
def test_it_sends_exactly_under_the_rule_of_issue_428(
    env: str | None, telemetry: str | None, key: str | None, own: str | None, shared: str | None
) -> None:
    settings = TelemetrySettings(
        env=env,
        telemetry=telemetry,
        posthog_api_key=None if key is None else Secret(key),
        do_not_track=own,
        global_do_not_track=shared,
    )
    rule = (
        env == "prod"
        and not telemetry
        and key == "phc_key"
        and own in (None, "", "0", "false")
        and shared in (None, "", "0", "false")
    )
    assert decide_mode(settings).sends is rule
