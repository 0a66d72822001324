"""Markers in everything personal and secret, every journey gone: nothing of it left, was logged or shown.

With keyed pseudonyms and the group, so that ids, handles and the provider's name may not leave either. What
leaves without them is looked through in `test_nothing_leaves`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from authsome.telemetry.naming.pseudonyms import FORM
from authsome.testing.https_api import HttpsApi
from authsome.testing.posthog import PostHogSimulator
from authsome.testing.posthog.simulator import KEY
from tests.e2e.privacy.planting import ADAS, BENS, PROVIDER, SECRETS, Household, Onlooker
from tests.support.waiting import eventually

MARKERS = ADAS | BENS
HAPPENED = set(
    """
    principal_login_failed principal_password_changed principal_password_reset principal_role_changed
    principal_disabled identity_key_rotated identity_released identity_claim_renewed identity_revoked
    request_denied connection_revoked
    """.split()
)


class Aftermath:
    """What is left when everybody has gone home."""

    def __init__(self, home: Path, household: Household, posthog: PostHogSimulator, processes: bytes) -> None:
        self.server = home / "server"
        self.household = household
        self.posthog = posthog
        self.processes = processes
        self.log = (self.server / "server.log").read_text().lower()
        self.file = (home / "facts.jsonl").read_text().lower()


def names(posthog: PostHogSimulator) -> set[str]:
    return {event.name for event in posthog.events}


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    folder = tmp_path_factory.mktemp("planted")
    api, onlooker = HttpsApi(folder / "provider", ADAS["key"]), Onlooker()
    with PostHogSimulator() as posthog:
        household = Household(
            folder,
            api,
            AUTHSOME_ENV="prod",
            AUTHSOME_POSTHOG_API_KEY=KEY,
            AUTHSOME_POSTHOG_HOST=posthog.url,
            AUTHSOME_TELEMETRY_PSEUDONYMS="1",
            AUTHSOME_TELEMETRY_GROUP="1",
            AUTHSOME_TELEMETRY_FILE=str(folder / "home" / "facts.jsonl"),
            AUTHSOME_UPSTREAM_CA_FILE=str(api.ca_file),
        )
        onlooker.start()
        try:
            household.live()
            eventually(lambda: names(posthog) >= HAPPENED, within=30, what=str(HAPPENED))
            household.forget_ben()
            eventually(lambda: names(posthog) >= {"principal_erased"}, within=30, what="his erasure")
            processes = onlooker.finish()
        finally:
            household.ada.end()
            api.close()
        yield Aftermath(folder / "home", household, posthog, processes)


@pytest.mark.parametrize("what", sorted(MARKERS))
def test_it_has_not_left(after: Aftermath, what: str) -> None:
    assert after.posthog.holding(MARKERS[what]) == []


@pytest.mark.parametrize("what", sorted(MARKERS))
def test_it_is_neither_in_the_servers_log_nor_in_the_file_of_facts(after: Aftermath, what: str) -> None:
    assert MARKERS[what] not in after.log
    assert MARKERS[what] not in after.file


def test_no_token_of_a_link_left_or_was_logged_or_shown_to_somebody_else(after: Aftermath) -> None:
    assert set(after.household.tokens) == {"invitation", "reset", "claim"}
    shown = "\n".join(after.household.seen_by_ben.values()).lower()
    for kind, token in after.household.tokens.items():
        assert len(token) > 20, kind
        assert after.posthog.holding(token) == [], kind
        assert token not in after.log + after.file + shown, kind


@pytest.mark.parametrize("what", sorted(ADAS))
def test_it_is_not_shown_to_another_principal(after: Aftermath, what: str) -> None:
    assert len(after.household.seen_by_ben) > 8
    assert [where for where, text in after.household.seen_by_ben.items() if ADAS[what] in text.lower()] == []


@pytest.mark.parametrize("what", sorted(SECRETS))
def test_a_secret_is_in_no_list_of_processes(after: Aftermath, what: str) -> None:
    assert b"authsome" in after.processes
    assert MARKERS[what].encode() not in after.processes


def test_no_id_of_a_subject_left_as_it_is(after: Aftermath) -> None:
    with closing(sqlite3.connect(f"file:{after.server}/registry.db?mode=ro", uri=True)) as registry:
        ids = [row[0] for row in registry.execute("SELECT id FROM principal")]
        for row in registry.execute("SELECT id, handle, did FROM identity"):
            ids += row
        ids += [row[0] for row in registry.execute("SELECT did FROM retired_key")]
        # A fact's own uuid can be computed from these ids by anybody, so it would give the pseudonym away.
        ids += [
            row[0] for row in registry.execute("SELECT uuid FROM event_log WHERE name LIKE '%registered'")
        ]
    assert len(ids) >= 6
    assert [one for one in (*ids, PROVIDER) if after.posthog.holding(f'"{one}"')] == []


def test_what_stands_for_them_is_the_same_wherever_it_stands(after: Aftermath) -> None:
    facts = [event for event in after.posthog.events if not event.distinct_id.startswith("srv_")]
    assert all(FORM.fullmatch(event.distinct_id) for event in facts)
    principals = {event.distinct_id for event in facts if event.distinct_id.startswith("psn_prn_")}
    named = {event.properties["principal_id"] for event in facts if event.properties.get("principal_id")}
    assert len(principals) == 2
    assert named <= principals
    assert {key for event in facts for key in event.groups.values()} <= principals


def test_no_two_persons_were_ever_merged(after: Aftermath) -> None:
    assert after.posthog.merges == []
    words = {"$create_alias", "$merge_dangerously", "$identify", "$groupidentify", "$anon_distinct_id"}
    assert [word for word in words if after.posthog.holding(word)] == []
