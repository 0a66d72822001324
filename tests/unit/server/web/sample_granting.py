"""The pages about how long grants last, and about what agents ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from authsome.server.web import pages as p
from tests.unit.server.web.sample_answers import NOW

HANDLE = "brisk-amber-otter-4821"
LENGTHS = (
    p.Option(value="", name="until you take it away"),
    p.Option(value="1d", name="for 1 day"),
    p.Option(value="7d", name="for 7 days"),
)


def granting(member: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    """A grant that lasts and one that has run out; requests; one to decide, and what can be wrong with it."""
    grant = p.GrantPage(
        handle=HANDLE,
        provider="GitHub",
        connection="work",
        hosts=("api.github.com", "uploads.github.com"),
        since=ago(12),
        until=ago(-3),
        has_run_out=False,
        lengths=LENGTHS,
        form=p.Form(action=f"/agents/{HANDLE}/grants/grt_1", sent={"lasting": "7d"}),
    )
    yield "grant", grant, member
    wrong = replace(grant.form, errors={"password": "The password is wrong."})
    yield "grant-run-out", replace(grant, until=ago(1), has_run_out=True, form=wrong), member
    yield "access-empty", p.AccessPage(), member
    yield (
        "access",
        p.AccessPage(requests=(row("for 7 days", "nightly summaries"), row("for 1 hour", None))),
        member,
    )
    yield "access-request", request(), member
    nothing = replace(request(), choices=(), is_there=False, note=None)
    yield "access-request-not-connected", nothing, member
    bad = p.Form(
        action="/access/acr_1", sent={"lasting": "7d"}, errors={"password": "The password is wrong."}
    )
    yield "access-request-wrong", replace(request(), form=bad), member


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def row(lasting: str, note: str | None) -> p.AccessRow:
    return p.AccessRow(
        handle=HANDLE,
        provider="OpenAI",
        wanted="work" if note else None,
        lasting=lasting,
        note=note,
        asked_at=ago(0.1),
        href="/access/acr_1",
    )


def request() -> p.AccessRequestPage:
    hosts = ("api.openai.com",)
    return p.AccessRequestPage(
        handle=HANDLE,
        did="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        label="invoice sorter",
        provider="OpenAI",
        provider_name="openai",
        hosts=hosts,
        wanted="work",
        is_there=True,
        lasting="for 7 days",
        note="nightly summaries of the invoices",
        asked_at=ago(0.1),
        expires_at=ago(-6.9),
        choices=(
            p.ConnectionChoice(id="con_1", provider="OpenAI", name="default", hosts=hosts),
            p.ConnectionChoice(id="con_2", provider="OpenAI", name="work", hosts=hosts, chosen=True),
        ),
        lengths=LENGTHS,
        form=p.Form(action="/access/acr_1", sent={"lasting": "7d"}),
    )
