"""Keyed pseudonyms: one per value and kind, of a strict form, and nothing without the key."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.kit.caller import ActorKind
from authsome.kit.event import Privacy
from authsome.telemetry import catalogue
from authsome.telemetry.identify import SubjectUnusable, identify
from authsome.telemetry.naming.pseudonyms import FIELDS, FORM, Kind, PseudonymKey
from authsome.vault.installation_key import InstallationKey
from tests.unit.telemetry.facts import DID, HANDLE, INSTALLATION, PRINCIPAL, fact, identity

KEY = PseudonymKey(InstallationKey(bytes(range(32))))
OTHER = PseudonymKey(InstallationKey(bytes(32)))


def test_every_pseudonym_field_of_the_product_has_its_kind() -> None:
    fields = {
        field
        for event in catalogue.events().values()
        for field, privacy in event.privacy.items()
        if privacy is Privacy.PSEUDONYM
    }
    assert fields == set(FIELDS)


@given(kind=st.sampled_from(Kind), value=st.text())
def test_a_pseudonym_is_stable_strict_in_form_and_says_its_kind(kind: Kind, value: str) -> None:
    made = KEY.pseudonym(kind, value)
    assert FORM.fullmatch(made)
    assert made.startswith(f"psn_{kind}_")
    assert made == PseudonymKey(InstallationKey(bytes(range(32)))).pseudonym(kind, value)
    assert made != OTHER.pseudonym(kind, value)


@given(one=st.text(), another=st.text())
def test_two_values_never_share_one(one: str, another: str) -> None:
    same = KEY.pseudonym(Kind.HANDLE, one) == KEY.pseudonym(Kind.HANDLE, another)
    assert same == (one == another)


@given(value=st.text())
def test_equal_texts_of_two_kinds_do_not_meet(value: str) -> None:
    assert len({KEY.pseudonym(kind, value)[8:] for kind in Kind}) == len(Kind)


def test_the_keys_id_and_repr_hold_none_of_it() -> None:
    assert KEY.id != OTHER.id
    assert repr(KEY) == f"PseudonymKey({KEY.id})"
    assert bytes(range(32)).hex()[:16] not in KEY.id


def test_a_uuid_that_leaves_is_not_the_one_that_a_list_of_ids_would_give() -> None:
    own = fact("principal_registered").uuid
    assert KEY.uuid(own) == KEY.uuid(own) != own
    assert KEY.uuid(own) != OTHER.uuid(own)
    assert str(UUID(KEY.uuid(own))) == KEY.uuid(own)


def test_a_subject_and_its_person_are_named_alike() -> None:
    claimed = fact("identity_claimed", subject_kind="identity", fields={"principal_id": PRINCIPAL})
    who = identify(claimed, identity(PRINCIPAL), naming=KEY.pseudonym)
    assert who.distinct_id == KEY.pseudonym(Kind.HANDLE, HANDLE)
    assert who.person is not None
    assert who.person.set == {
        "kind": "agent",
        "did": KEY.pseudonym(Kind.DID, DID),
        "principal_id": KEY.pseudonym(Kind.PRINCIPAL, PRINCIPAL),
    }


def test_a_servers_id_stays_as_it_is() -> None:
    started = fact("server_started", subject_kind="server")
    assert identify(started, naming=KEY.pseudonym).distinct_id == INSTALLATION


@pytest.mark.parametrize("subject_id", ["", "anonymous", "ada@example.org", "psn_prn_" + "0" * 26])
def test_what_is_no_id_of_ours_is_not_hidden_behind_a_pseudonym(subject_id: str) -> None:
    with pytest.raises(SubjectUnusable):
        identify(
            fact("principal_logged_in", subject_kind=ActorKind.PRINCIPAL.value, subject_id=subject_id),
            naming=KEY.pseudonym,
        )
