"""The people, and what it takes to erase one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from authsome.server.web import pages as p
from tests.unit.server.web.sample_answers import NOW
from tests.unit.server.web.sample_frames import (
    ADMIN,
    GOOD,
    MEMBER,
    QUIET,
    Sample,
    ago,
)


def people() -> Iterator[Sample]:
    active, disabled = p.Badge(text="active", tone=GOOD), p.Badge(text="disabled", tone=QUIET)
    rows = (
        ("prn_1", "mika@example.org", "Mika Sørensen", "admin", active, 5),
        ("prn_2", "noor@example.org", None, "member", active, 7),
        ("prn_3", "ines.de.la.cruz.villanueva@research.example.org", "Inés", "member", disabled, 0),
    )
    listed = tuple(
        p.PrincipalRow(
            id=id,
            email=email,
            name=name,
            role=role,
            state=state,
            agents=n,
            registered_at=ago(40 + n),
        )
        for id, email, name, role, state, n in rows
    )
    invite, change = p.Form(action="/principals"), p.Form(action="/principals")
    yield "principals", p.PrincipalsPage(principals=listed, invite=invite, change=change), ADMIN
    link = p.OneTimeLink(
        purpose="Invitation for a member",
        url="https://gateway.example.org/invitation/1Yw0m3p8Qj1cNQy3b0n8wq7Zr0bqk8Qj1cNQy3b0n8wAZ",
        expires_at=NOW + timedelta(days=7),
    )
    yield (
        "principals-link",
        p.PrincipalsPage(principals=listed, invite=invite, change=change, link=link),
        ADMIN,
    )


def erasing() -> Iterator[Sample]:
    person = p.ErasePage(
        title="Erase this person?",
        name="noor@example.org",
        is_own=False,
        is_agent=False,
        agents=("invoice sorter", "quiet-linen-magpie-9034"),
        connections=("openai/default", "github/work"),
        others=("plain-copper-heron-0077",),
        sessions=2,
        grants=3,
        runs=1,
        at_posthog="PostHog at https://eu.posthog.com is asked to delete the person and all their events.",
        back="/principals",
        form=p.Form(action="/principals/prn_2/erase"),
    )
    yield "erase-person", person, ADMIN
    yield "erase-yourself", replace(person, title="Erase yourself?", is_own=True, others=()), MEMBER
    agent = replace(person, title="Erase this agent?", name="brisk-amber-otter-4821", is_agent=True)
    yield "erase-agent", replace(agent, is_own=True), MEMBER
    receipt = p.Receipt(
        id="ers_01k9x4v3m2",
        subject="prn_2",
        by="an admin",
        erased_at=NOW,
        destroyed={"Agents": 2, "Connections": 2, "Words in the record": 41},
        posthog="not asked yet: AUTHSOME_POSTHOG_PROJECT_ID is not set",
        by_hand=("prn_2", "brisk-amber-otter-4821"),
    )
    yield "erased", replace(person, form=None, receipt=receipt), ADMIN
    yield "erasures-empty", p.ErasuresPage(), ADMIN
    yield "erasures", p.ErasuresPage(receipts=(receipt,)), ADMIN
