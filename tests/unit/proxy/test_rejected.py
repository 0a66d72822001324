"""A provider's 401: one renewal for all who carried the same token; no agent breaks a connection alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from authsome.connection.model import Connection, ConnectionState, Flow
from authsome.identity.model import Identity, IdentityState
from authsome.proxy.rejected import ACCEPTED_SECONDS, BETWEEN_SECONDS, Behind, Rejections
from authsome.run.model import Run

NOW = datetime(2026, 11, 28, tzinfo=UTC)
CONNECTION = Connection(
    id="con_1",
    principal_id="prn_1",
    provider="acme",
    name="default",
    flow=Flow.AUTHORIZATION_CODE,
    state=ConnectionState.CONNECTED,
    is_default=True,
    vault_id="vlt_1",
    created_at=NOW,
    is_refreshable=True,
)
AGENT = Identity(id="idn_1", did="did:key:z", handle="a-b-c-1", state=IdentityState.CLAIMED, created_at=NOW)
RUN = Run(id="run_1", identity_id="idn_1", principal_id="prn_1", token_hash="h", created_at=NOW)
BEHIND = Behind(AGENT, CONNECTION, RUN, "api.acme.example", 443)
SECOND = replace(BEHIND, is_second_try=True)


class Time:
    """A monotonic clock that is told the time."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_requests_that_carried_the_same_token_share_a_renewal() -> None:
    seen = Rejections(Time())
    assert seen.may_renew(CONNECTION)
    seen.note_renewal(CONNECTION)
    assert seen.may_renew(CONNECTION)


def test_the_next_token_is_not_renewed_again_for_a_minute() -> None:
    time = Time()
    seen = Rejections(time)
    seen.note_renewal(CONNECTION)
    renewed = replace(CONNECTION, version=2)
    assert not seen.may_renew(renewed)
    time.now += BETWEEN_SECONDS
    assert seen.may_renew(renewed)
    assert seen.may_renew(replace(renewed, id="con_2"))


def test_a_first_rejection_of_what_can_be_renewed_is_not_final() -> None:
    assert not Rejections(Time()).is_final(BEHIND)


def test_a_rejection_of_a_token_that_was_just_made_is_final() -> None:
    assert Rejections(Time()).is_final(SECOND)


def test_one_of_what_cannot_be_renewed_is_final() -> None:
    assert Rejections(Time()).is_final(replace(BEHIND, connection=replace(CONNECTION, is_refreshable=False)))


def test_none_is_final_while_the_provider_takes_the_connection_elsewhere() -> None:
    time = Time()
    seen = Rejections(time)
    seen.note_accepted(CONNECTION)
    assert not seen.is_final(SECOND)
    time.now += ACCEPTED_SECONDS
    assert seen.is_final(SECOND)


def test_a_key_is_never_given_up_by_a_rejection() -> None:
    key = replace(CONNECTION, flow=Flow.API_KEY, is_refreshable=False)
    assert not Rejections(Time()).is_final(replace(BEHIND, connection=key))
