"""Whom an auth session concerns, and until when it is open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from authsome.auth_session.model import LIFE, OPEN, AuthSession, AuthSessionState
from authsome.connection.model import Flow
from authsome.kit.caller import ActorKind, Caller, server_caller
from authsome.kit.clock import EPOCH, MICROSECOND

SESSION = AuthSession(
    id="aus_1",
    principal_id="prn_ann",
    identity_id="idn_1",
    provider="openai",
    connection_name="default",
    flow=Flow.API_KEY,
    state=AuthSessionState.PENDING,
    token_hash="x",
    created_at=EPOCH,
    expires_at=EPOCH + LIFE,
)


def agent(identity_id: str | None) -> Caller:
    return Caller(kind=ActorKind.IDENTITY, id="a-b-c-0001", principal_id="prn_ann", identity_id=identity_id)


def person(principal_id: str) -> Caller:
    return Caller(kind=ActorKind.PRINCIPAL, id=principal_id, principal_id=principal_id)


def test_it_concerns_its_principal_and_the_agent_that_asked_and_nobody_else() -> None:
    assert SESSION.concerns(person("prn_ann"))
    assert SESSION.concerns(agent("idn_1"))
    assert not SESSION.concerns(person("prn_bob"))
    assert not SESSION.concerns(agent("idn_2"))
    assert not SESSION.concerns(server_caller("srv_1"))


def test_an_agent_is_not_let_in_because_neither_has_an_id() -> None:
    assert not replace(SESSION, identity_id=None).concerns(agent(None))


@pytest.mark.parametrize("state", sorted(set(AuthSessionState) - OPEN))
def test_an_ended_one_is_not_open(state: AuthSessionState) -> None:
    assert not replace(SESSION, state=state).is_open(EPOCH)


def test_it_is_open_before_and_while_its_person_is_away() -> None:
    assert {AuthSessionState.PENDING, AuthSessionState.WAITING} == OPEN
    for state in OPEN:
        assert replace(SESSION, state=state).is_open(EPOCH)


def test_it_is_open_up_to_the_last_microsecond_of_its_life() -> None:
    assert SESSION.is_open(EPOCH + LIFE - MICROSECOND)
    assert not SESSION.is_open(EPOCH + LIFE)
