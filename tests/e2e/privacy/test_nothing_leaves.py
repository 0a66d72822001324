"""Markers are planted in everything personal or secret, a whole journey is run, and nothing of it has left.

Searched: every byte that PostHog (the simulator) was sent, as it came and unpacked, and the server's log.
"""

from __future__ import annotations

from pathlib import Path

from authsome.testing.https_api import HttpsApi
from authsome.testing.journey import Journey
from authsome.testing.posthog.simulator import KEY, PostHogSimulator
from authsome.testing.stage import Stage
from tests.support.waiting import eventually

MARKERS = {
    "email": "marker-email",
    "password": "marker-password-0123",
    "label": "marker-label",
    "key": "marker-key-0123456789",
    "custom_provider": "markerprovider",
    "path": "marker-path",
    "header": "marker-header",
    "argument": "marker-argument",
}
# A custom provider's name may leave as a pseudonym (DESIGN §5); everything else may not, in any form.
MAY_LEAVE = {"custom_provider"}
EXPECTED = {
    "principal_invited", "principal_registered", "principal_logged_in", "identity_registered",
    "identity_claim_opened", "identity_claimed", "provider_registered", "auth_session_started",
    "auth_session_completed", "connection_created", "grant_created", "run_started", "run_completed",
    "connection_first_used", "telemetry_consent_changed", "server_started",
}  # fmt: skip


def test_no_marker_leaves_and_none_is_logged(tmp_path: Path) -> None:
    api = HttpsApi(tmp_path / "provider", MARKERS["key"])
    with PostHogSimulator() as posthog:
        stage = Stage(
            tmp_path / "home",
            AUTHSOME_PORT="0",
            AUTHSOME_PROXY_PORT="0",
            AUTHSOME_ENV="prod",
            AUTHSOME_POSTHOG_API_KEY=KEY,
            AUTHSOME_POSTHOG_HOST=posthog.url,
            AUTHSOME_DO_NOT_TRACK="0",
            AUTHSOME_UPSTREAM_CA_FILE=str(api.ca_file),
        )
        journey = Journey(stage, email=f"{MARKERS['email']}@example.org", password=MARKERS["password"])
        try:
            run_everything(journey, api, tmp_path)
            eventually(
                lambda: {event.name for event in posthog.events} >= EXPECTED,
                within=20,
                what=f"each of {sorted(EXPECTED)}",
            )
        finally:
            journey.end()
            api.close()
        leaked = {
            name: len(posthog.holding(marker))
            for name, marker in MARKERS.items()
            if name not in MAY_LEAVE and posthog.holding(marker)
        }
        assert leaked == {}
        assert not posthog.holding("127.0.0.1") or all_from_headers(posthog)
        assert {event.properties["$ip"] for event in posthog.events} == {"0.0.0.0"}
    log = (tmp_path / "home" / "server" / "server.log").read_text()
    assert [name for name, marker in MARKERS.items() if marker in log] == []


def run_everything(journey: Journey, api: HttpsApi, folder: Path) -> None:
    journey.begin()
    journey.sign_in()
    journey.add_provider(api, folder, name=MARKERS["custom_provider"])
    connection_id = journey.connect(MARKERS["custom_provider"], MARKERS["key"])
    journey.onboard(journey.stage, label=MARKERS["label"], connection_ids=[connection_id])
    url = f"{api.url}/{MARKERS['path']}"
    header = f"X-Marker: {MARKERS['header']}"
    answer = journey.stage.run("run", "--", "curl", "-sS", "-H", header, "-A", MARKERS["argument"], url)
    assert "you are known here" in answer
    journey.stage.attempt("run", "--", "curl", "-sS", f"https://{MARKERS['path']}.example.org/")


def all_from_headers(posthog: PostHogSimulator) -> bool:
    """The address we connect to is in the Host header, and nowhere in what we say."""
    return all(b"127.0.0.1" not in request.plain for request in posthog.requests)
