"""How long an access request is open, and what a note may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.grant.access.errors import AccessNoteInvalid
from authsome.grant.access.model import LIFE, LONGEST_NOTE, AccessRequest, AccessState, check_note
from authsome.identity.model import Identity, IdentityState
from authsome.kit.clock import EPOCH

ASKED = EPOCH + timedelta(days=30)
AGENT = Identity(
    id="idn_1",
    did="did:key:z1",
    handle="a-b-c-0001",
    state=IdentityState.CLAIMED,
    created_at=EPOCH,
    principal_id="prn_ann",
    claimed_at=EPOCH + timedelta(days=1),
)
REQUEST = AccessRequest(
    id="acr_1",
    identity_id=AGENT.id,
    principal_id="prn_ann",
    provider="openai",
    connection_name=None,
    lasts_seconds=None,
    note=None,
    state=AccessState.OPEN,
    created_at=ASKED,
    expires_at=ASKED + LIFE,
)


def test_it_is_open_for_a_week() -> None:
    assert REQUEST.state_for(AGENT, ASKED + LIFE - timedelta(microseconds=1)) is AccessState.OPEN
    assert REQUEST.state_for(AGENT, ASKED + LIFE) is AccessState.EXPIRED


@pytest.mark.parametrize(
    "agent",
    [
        None,
        replace(AGENT, state=IdentityState.RELEASED, principal_id=None, claimed_at=None),
        replace(AGENT, state=IdentityState.REVOKED),
        replace(AGENT, state=IdentityState.ERASED, principal_id=None),
        replace(AGENT, principal_id="prn_bob", claimed_at=ASKED + timedelta(hours=1)),
        replace(AGENT, claimed_at=ASKED + timedelta(hours=1)),
        replace(AGENT, id="idn_2"),
    ],
    ids=["none", "released", "revoked", "erased", "claimed by another", "claimed again", "another"],
)
def test_it_ends_with_the_claim_under_which_it_was_asked(agent: Identity | None) -> None:
    assert REQUEST.state_for(agent, ASKED + timedelta(hours=2)) is AccessState.EXPIRED


@given(
    decided=st.sampled_from([AccessState.APPROVED, AccessState.DENIED]),
    later=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=900)),
    agent=st.sampled_from([None, AGENT, replace(AGENT, state=IdentityState.REVOKED)]),
)
def test_what_was_decided_stays_so(decided: AccessState, later: timedelta, agent: Identity | None) -> None:
    when: datetime = ASKED + later
    assert replace(REQUEST, state=decided).state_for(agent, when) is decided


def test_a_note_is_short_and_plain() -> None:
    assert check_note("  nightly summaries ") == "nightly summaries"
    assert check_note("<b>markup</b> & {{7*7}}") == "<b>markup</b> & {{7*7}}", "text, wherever it is shown"
    assert check_note("x" * LONGEST_NOTE) == "x" * LONGEST_NOTE
    assert check_note(None) is None
    assert check_note("   ") is None


@pytest.mark.parametrize(
    "note",
    ["x" * (LONGEST_NOTE + 1), "two\nlines", "red\x1b[31m", "\u202egnp.exe", "a\u2028b", "nul\0", "\u200bz"],
)
def test_what_could_redraw_a_page_or_a_terminal_is_no_note(note: str) -> None:
    with pytest.raises(AccessNoteInvalid):
        check_note(note)
