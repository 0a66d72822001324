"""Whether a request may pass: every way in which it may not, and the one in which it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.connection.model import Connection, ConnectionState, Flow
from authsome.grant.decide import Allowed, Denied, Standing, decide
from authsome.grant.model import Grant, Reason
from authsome.identity.model import Identity, IdentityState
from authsome.kit.clock import EPOCH
from authsome.provider.catalogue import bundled
from authsome.provider.definition.inject import Injection
from authsome.provider.host import read_host_pattern
from authsome.provider.model import Provider

ANN, BOB = "prn_ann", "prn_bob"
AGENT = Identity(
    id="idn_1",
    did="did:key:z1",
    handle="a-b-c-0001",
    state=IdentityState.CLAIMED,
    created_at=EPOCH,
    principal_id=ANN,
)
HOST = "api.openai.com"
NOW = EPOCH + timedelta(days=3)


def connection(
    number: int = 1,
    provider: str = "openai",
    owner: str = ANN,
    default: bool = True,
    shared: bool = False,
) -> Connection:
    return Connection(
        id=f"con_{number}",
        principal_id=owner,
        provider=provider,
        name=f"n{number}",
        flow=Flow.API_KEY,
        state=ConnectionState.CONNECTED,
        is_default=default,
        vault_id="vlt_1",
        sealed=b"x",
        created_at=EPOCH,
        shared_at=EPOCH if shared else None,
    )


def grant(to: Connection, identity_id: str = AGENT.id) -> Grant:
    return Grant(
        id=f"grt_{to.id}", identity_id=identity_id, connection_id=to.id, principal_id=ANN, created_at=EPOCH
    )


def standing(
    *connections: Connection, grants: list[Grant] | None = None, identity: Identity = AGENT
) -> Standing:
    given = [grant(one) for one in connections] if grants is None else grants
    return Standing(
        now=NOW, identity=identity, grants=tuple(given), connections=connections, providers=bundled()
    )


def reason(what: Standing, host: str = HOST, port: int = 443) -> Reason:
    answer = decide(what, host=host, port=port)
    assert isinstance(answer, Denied)
    assert answer.detail
    assert answer.hint
    return answer.reason


def test_a_granted_connection_of_the_hosts_provider_passes() -> None:
    answer = decide(standing(connection()), host=HOST, port=443)
    assert isinstance(answer, Allowed)
    assert (answer.connection.id, answer.provider.name) == ("con_1", "openai")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (IdentityState.PENDING, Reason.IDENTITY_UNCLAIMED),
        (IdentityState.REJECTED, Reason.IDENTITY_ENDED),
        (IdentityState.RELEASED, Reason.IDENTITY_UNCLAIMED),
        (IdentityState.REVOKED, Reason.IDENTITY_ENDED),
    ],
)
def test_only_a_claimed_identity_passes(state: IdentityState, expected: Reason) -> None:
    assert reason(standing(connection(), identity=replace(AGENT, state=state))) is expected


@pytest.mark.parametrize(("host", "port"), [("example.com", 443), (HOST, 8443), (f"x{HOST}", 443), ("", 443)])
def test_a_host_that_no_provider_covers_does_not_pass(host: str, port: int) -> None:
    assert reason(standing(connection()), host, port) is Reason.HOST_NOT_COVERED


def test_without_a_connection_the_hint_is_to_log_in_and_without_a_grant_to_ask_for_one() -> None:
    assert reason(standing()) is Reason.NOT_CONNECTED
    assert reason(standing(connection(provider="github"))) is Reason.NOT_CONNECTED
    assert reason(standing(connection(), grants=[])) is Reason.NOT_GRANTED
    denied = decide(standing(connection(), grants=[]), host=HOST, port=443)
    assert isinstance(denied, Denied)
    assert "authsome access request openai" in denied.hint


def test_a_grant_opens_only_its_own_connection_and_only_for_its_own_identity() -> None:
    github = connection(2, "github")
    assert reason(standing(connection(), github, grants=[grant(github)])) is Reason.NOT_GRANTED
    assert reason(standing(connection(), grants=[grant(connection(), "idn_2")])) is Reason.NOT_GRANTED


def test_an_ended_grant_and_an_ended_connection_open_nothing() -> None:
    ended = replace(grant(connection()), ended_at=EPOCH)
    assert reason(standing(connection(), grants=[ended])) is Reason.NOT_GRANTED
    for state in (ConnectionState.REVOKED, ConnectionState.LOGGED_OUT):
        assert reason(standing(replace(connection(), state=state))) is Reason.NOT_CONNECTED


def test_a_grant_opens_until_its_time_is_over_and_nothing_from_then_on() -> None:
    lasts = replace(grant(connection()), expires_at=NOW + timedelta(microseconds=1))
    answer = decide(standing(connection(), grants=[lasts]), host=HOST, port=443)
    assert isinstance(answer, Allowed)
    assert answer.until == lasts.expires_at
    over = standing(connection(), grants=[replace(lasts, expires_at=NOW)])
    assert reason(over) is Reason.GRANT_EXPIRED
    denied = decide(over, host=HOST, port=443)
    assert isinstance(denied, Denied)
    assert "authsome access request openai" in denied.hint


def test_one_that_is_over_does_not_stand_in_the_way_of_one_that_holds() -> None:
    first, second = connection(1, default=True), connection(2, default=False)
    over = replace(grant(first), expires_at=EPOCH)
    answer = decide(standing(first, second, grants=[over, grant(second)]), host=HOST, port=443)
    assert isinstance(answer, Allowed)
    assert (answer.connection, answer.until) == (second, None)


def test_what_the_last_owner_granted_is_nothing_to_the_next() -> None:
    assert reason(standing(connection(), identity=replace(AGENT, principal_id=BOB))) is Reason.NOT_CONNECTED


def test_another_principals_connection_passes_only_while_it_is_shared_and_granted_here() -> None:
    lent = connection(owner=BOB, shared=True)
    assert isinstance(decide(standing(lent), host=HOST, port=443), Allowed)
    assert reason(standing(replace(lent, shared_at=None))) is Reason.NOT_CONNECTED
    assert reason(standing(lent, grants=[replace(grant(lent), principal_id=BOB)])) is Reason.NOT_GRANTED
    assert reason(standing(lent, grants=[])) is Reason.NOT_GRANTED


def test_the_default_of_another_principal_is_nobodys_here() -> None:
    lent, mine = connection(1, owner=BOB, shared=True), connection(2, default=False)
    assert reason(standing(lent, mine)) is Reason.CONNECTION_UNCLEAR


def test_of_several_granted_connections_the_default_is_used() -> None:
    first, second = connection(1, default=False), connection(2, default=True)
    answer = decide(standing(first, second), host=HOST, port=443)
    assert isinstance(answer, Allowed)
    assert answer.connection == second


def test_a_single_grant_is_used_though_it_is_not_the_default() -> None:
    first, second = connection(1, default=False), connection(2, default=True)
    answer = decide(standing(first, second, grants=[grant(first)]), host=HOST, port=443)
    assert isinstance(answer, Allowed)
    assert answer.connection == first


def test_several_without_a_default_are_refused_rather_than_guessed() -> None:
    unclear = standing(connection(1, default=False), connection(2, default=False))
    assert reason(unclear) is Reason.CONNECTION_UNCLEAR


def test_two_providers_with_the_same_pattern_let_nothing_pass() -> None:
    twin = Provider(
        name="twin",
        display_name="Twin",
        hosts=(read_host_pattern(HOST),),
        inject=Injection(header_templates=(("X-Key", "{api_key}"),)),
    )
    both = replace(standing(connection()), providers=(*bundled(), twin, replace(twin, name="other")))
    assert reason(both) is Reason.HOST_UNCLEAR
    one = replace(standing(connection()), providers=(*bundled(), twin))
    assert reason(one) is Reason.NOT_CONNECTED, "an admin's own goes before a bundled one"


CONNECTIONS = st.builds(
    connection,
    number=st.integers(1, 4),
    provider=st.sampled_from(["openai", "github"]),
    owner=st.sampled_from([ANN, BOB]),
    default=st.booleans(),
    shared=st.booleans(),
)


@given(
    connections=st.lists(CONNECTIONS, max_size=4, unique_by=lambda one: one.id),
    granted=st.sets(
        st.tuples(
            st.integers(1, 4),
            st.sampled_from(["idn_1", "idn_2"]),
            st.sampled_from([ANN, BOB]),
            st.booleans(),
            st.sampled_from([None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)]),
        )
    ),
    state=st.sampled_from(IdentityState),
    host=st.sampled_from([HOST, "api.github.com", "evil.test"]),
)
def test_whatever_passes_was_granted_to_this_identity_by_who_claimed_it_and_is_theirs_or_shared(
    connections: list[Connection],
    granted: set[tuple[int, str, str, bool, datetime | None]],
    state: IdentityState,
    host: str,
) -> None:
    grants = [
        Grant(
            id=f"grt_{number}",
            identity_id=identity_id,
            connection_id=f"con_{number}",
            principal_id=giver,
            created_at=EPOCH,
            ended_at=EPOCH if ended else None,
            expires_at=until,
        )
        for number, identity_id, giver, ended, until in granted
    ]
    agent = replace(AGENT, state=state)
    answer = decide(standing(*connections, grants=grants, identity=agent), host=host, port=443)
    if isinstance(answer, Allowed):
        assert state is IdentityState.CLAIMED
        assert answer.connection.principal_id == ANN or answer.connection.is_shared
        assert answer.provider.name == answer.connection.provider
        assert answer.provider.covers(host, 443)
        mine = (int(answer.connection.id[-1]), "idn_1", ANN, False)
        ends = [one[4] for one in granted if one[:4] == mine]
        assert any(until is None or until > NOW for until in ends)
        assert answer.until in ends
