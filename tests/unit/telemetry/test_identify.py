"""As whom facts are sent: stable ids that say nothing, and persons only where they belong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.erasure.events import IdentityErased, PrincipalErased
from authsome.kit.event import Subject
from authsome.principal.model import Role
from authsome.telemetry.identify import DESCRIBES, SubjectUnusable, identify, is_personless
from tests.unit.telemetry.facts import DID, HANDLE, INSTALLATION, PRINCIPAL, fact, identity, names, principal

# What PostHog refuses to work with, in any spelling (its merge code and its v1 endpoint).
ILLEGAL = (
    "anonymous guest distinctid distinct_id id not_authenticated email undefined true false nan none null 0 "
    "anonymous-user backend system user 00000000-0000-0000-0000-000000000000"
).split()


@pytest.mark.parametrize(
    ("kind", "distinct_id"), [("principal", PRINCIPAL), ("identity", HANDLE), ("server", INSTALLATION)]
)
def test_a_subject_is_sent_under_its_own_id(kind: str, distinct_id: str) -> None:
    assert identify(fact("principal_logged_in", subject_kind=kind)).distinct_id == distinct_id


@given(
    kind=st.sampled_from(["principal", "identity", "server"]),
    subject_id=st.one_of(
        st.sampled_from([*ILLEGAL, *(i.upper() for i in ILLEGAL), "[object Object]", "'id'", "", " "]),
        st.emails(),
        st.text(max_size=40),
        st.from_regex(r"[0-9a-f]{8}-[0-9a-f]{4}", fullmatch=True),
    ),
)
def test_nothing_but_an_id_of_ours_is_ever_a_distinct_id(kind: str, subject_id: str) -> None:
    with pytest.raises(SubjectUnusable) as refused:
        identify(fact("principal_logged_in", subject_kind=kind, subject_id=subject_id))
    assert not subject_id.strip() or len(subject_id) < 8 or subject_id not in refused.value.detail


@pytest.mark.parametrize("end", ["\n", "\0", "@example.org", " "])
@pytest.mark.parametrize(
    "subject", [("principal", PRINCIPAL), ("identity", HANDLE), ("server", INSTALLATION)]
)
def test_an_id_with_something_behind_it_is_none(subject: tuple[str, str], end: str) -> None:
    with pytest.raises(SubjectUnusable):
        identify(fact("principal_logged_in", subject_kind=subject[0], subject_id=subject[1] + end))


def test_a_kind_of_subject_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SubjectUnusable):
        identify(fact("principal_logged_in", subject_kind="robot", subject_id=PRINCIPAL))


@given(name=names(), claimed=st.booleans(), kind=st.sampled_from(["principal", "identity", "server"]))
def test_the_same_fact_is_sent_as_the_same_subject_whatever_became_of_it(
    name: str, claimed: bool, kind: str
) -> None:
    logged = fact(name, subject_kind=kind, fields={"principal_id": PRINCIPAL} if claimed else {})
    first = identify(logged)
    later = [
        identify(logged, row) for row in (None, principal(Role.MEMBER), identity(None), identity(PRINCIPAL))
    ]
    assert {(i.distinct_id, i.personless) for i in later} == {(first.distinct_id, first.personless)}


def test_a_principals_registration_and_role_describe_the_person() -> None:
    for name in ("principal_registered", "principal_role_changed"):
        change = identify(fact(name), principal(Role.MEMBER)).person
        assert change is not None
        assert (change.set, change.unset) == ({"kind": "principal", "role": "member"}, ())


def test_a_claimed_identity_is_linked_to_its_principal() -> None:
    claimed = fact("identity_claimed", subject_kind="identity", fields={"principal_id": PRINCIPAL})
    change = identify(claimed, identity(PRINCIPAL)).person
    assert change is not None
    assert change.set == {"kind": "agent", "did": DID, "principal_id": PRINCIPAL}


def test_a_released_identity_is_unlinked() -> None:
    released = fact("identity_released", subject_kind="identity", fields={"principal_id": PRINCIPAL})
    change = identify(released, identity(None)).person
    assert change is not None
    assert (change.set, change.unset) == ({"kind": "agent", "did": DID}, ("principal_id",))


def test_an_old_fact_sent_again_says_how_it_is_now() -> None:
    """Person properties apply in the order of arrival, so an old value would overwrite the new one."""
    other = "prn_01k9111111abcdefghjkmnpqrs"
    released = fact("identity_released", subject_kind="identity", fields={"principal_id": PRINCIPAL})
    change = identify(released, identity(other)).person
    assert change is not None
    assert (change.set["principal_id"], change.unset) == (other, ())


def test_a_subject_that_is_gone_is_not_described() -> None:
    assert identify(fact("principal_registered"), None).person is None


@given(name=names().filter(lambda name: name not in DESCRIBES))
def test_no_other_event_changes_a_person(name: str) -> None:
    assert identify(fact(name), principal()).person is None
    owned = fact(name, subject_kind="identity", fields={"principal_id": PRINCIPAL})
    assert identify(owned, identity(PRINCIPAL)).person is None


@pytest.mark.parametrize(
    "name",
    [
        "identity_registered",
        "identity_claim_opened",
        "identity_claim_renewed",
        "identity_claim_rejected",
        "identity_claim_expired",
    ],
)
def test_an_unclaimed_identity_has_no_person_even_where_somebody_looked_at_it(name: str) -> None:
    seen_by = {} if name == "identity_claim_renewed" else {"principal_id": PRINCIPAL}
    assert is_personless(fact(name, subject_kind="identity", fields=seen_by))


def test_an_identity_that_acts_for_its_owner_has_a_person() -> None:
    owned = {"principal_id": PRINCIPAL}
    assert not is_personless(fact("connection_created", subject_kind="identity", fields=owned))


def test_servers_have_no_person_and_so_neither_has_an_erasure() -> None:
    assert is_personless(fact("server_started", subject_kind="server"))
    for event in (PrincipalErased, IdentityErased):
        assert event.subject is Subject.SERVER
