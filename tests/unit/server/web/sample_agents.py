"""The overview, the agents, and one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from authsome.server.web import pages as p
from tests.unit.server.web.sample_claiming import choices
from tests.unit.server.web.sample_frames import (
    ADMIN,
    CLAIMED,
    CSRF,
    DID,
    MEMBER,
    PENDING,
    RELEASED,
    REVOKED,
    Sample,
    ago,
)
from tests.unit.server.web.sample_granting import LENGTHS


def registry() -> Iterator[Sample]:
    first = p.Steps(onboarded=False, connected=False, granted=False, ran=False)
    half = p.Steps(onboarded=True, connected=True, granted=False, ran=False)
    done = p.Steps(onboarded=True, connected=True, granted=True, ran=True)
    yield "overview-empty", p.OverviewPage(steps=first), MEMBER
    figures = (
        p.Figure(name="Agents", value="12", note="1 waits for a claim", href="/agents"),
        p.Figure(name="Connections", value="4", note="all connected", href="/connections"),
        p.Figure(name="Runs", value="381", note="in the last 7 days"),
        p.Figure(name="Requests with a secret", value="20,417", note="in the last 7 days"),
    )
    recent = (
        p.Happening(at=ago(0.01), text="You claimed an agent", about="brisk-amber-otter-4821"),
        p.Happening(at=ago(0.02), text="An agent registered", about="brisk-amber-otter-4821"),
        p.Happening(at=ago(0.9), text="GitHub connected as work"),
        p.Happening(at=ago(1.2), text="A request was refused: not granted", about="plain-copper-heron-0077"),
    )
    yield "overview-half", p.OverviewPage(steps=half, recent=recent[2:3]), MEMBER
    yield "overview", p.OverviewPage(steps=done, figures=figures, recent=recent), ADMIN
    yield "agents-empty", p.AgentsPage(), MEMBER
    yield (
        "agents",
        p.AgentsPage(agents=tuple(agents()), show_owner=True, asking=2, more="/agents?after=idn_1"),
        ADMIN,
    )
    notice = p.Notice(text="The grants are saved. They hold from the next request on.")
    frame = p.Frame(installation=MEMBER.installation, csrf=CSRF, visitor=MEMBER.visitor, notice=notice)
    yield "agent", agent(form=p.Form(action="/agents/brisk-amber-otter-4821")), frame
    yield "agent-of-another", agent(form=None), ADMIN


def agents() -> Iterator[p.AgentRow]:
    states = (CLAIMED, PENDING, CLAIMED, REVOKED, RELEASED)
    named = (
        ("brisk-amber-otter-4821", "invoice sorter", "noor@example.org"),
        ("quiet-linen-magpie-9034", None, None),
        ("plain-copper-heron-0077", "nightly build on the old laptop", "Mika Sørensen"),
        ("sunny-basalt-vole-5310", "test", "Mika Sørensen"),
        ("early-walnut-ibis-2266", None, "noor@example.org"),
    )
    for at, (handle, label, owner) in enumerate(named):
        yield p.AgentRow(
            handle=handle,
            label=label,
            state=states[at],
            owner=owner,
            grants=(3, 0, 1, 0, 0)[at],
            registered_at=ago(2.2 * at + 0.01),
        )


def agent(*, form: p.Form | None) -> p.AgentPage:
    return p.AgentPage(
        handle="brisk-amber-otter-4821",
        did=DID,
        label="invoice sorter",
        state=CLAIMED,
        owner="noor@example.org",
        registered_at=ago(12.1),
        claimed_at=ago(12),
        grants=tuple(given()),
        choices=choices(chosen=True) if form else (),
        lengths=LENGTHS if form else (),
        form=form,
        release=p.Form(action="/agents/brisk-amber-otter-4821/release"),
        revoke=p.Form(
            action="/agents/brisk-amber-otter-4821/revoke",
            errors={} if form else {"password": "The password is wrong."},
        ),
    )


def given() -> Iterator[p.Grant]:
    change = "/agents/brisk-amber-otter-4821/grants/grt_1"
    one = p.Grant(
        provider="OpenAI", connection="default", hosts=("api.openai.com",), since=ago(12), change=change
    )
    yield one
    yield replace(one, provider="GitHub", connection="work", hosts=("api.github.com",), until=ago(-7))
    yield replace(one, provider="Google", until=ago(2), has_run_out=True, change=None)
