"""The pages about connections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from authsome.server.web import pages as p
from tests.unit.server.web.sample_answers import NOW

CONNECTED = p.Badge(text="connected", tone=p.Tone.GOOD)
BROKEN = p.Badge(text="needs reconnection", tone=p.Tone.BAD)


def connections(member: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    """None, some, and one in its two moods."""
    yield "connections-empty", p.ConnectionsPage(), member
    yield "connections", p.ConnectionsPage(connections=tuple(rows()), ended=tuple(ended())), member
    yield "connection", one(), member
    yield "connection-broken", one(is_broken=True), member
    asks = p.ExportPage(provider="Google", name="work", back="/connections/con_1", works_once=True)
    yield "export", replace(asks, form=p.Form(action="/connections/con_1/export")), member
    yield "exported", replace(asks, secrets=(("access_token", "ya29.a0AfH6SMC"),)), member


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def rows() -> Iterator[p.ConnectionRow]:
    for provider, name, state, hosts, n, used, notes in (
        ("OpenAI", "default", CONNECTED, ("api.openai.com",), 9, ago(0.001), ("default",)),
        ("GitHub", "work", CONNECTED, ("api.github.com", "uploads.github.com"), 4, ago(0.4), ("default",)),
        ("Google", "default", BROKEN, ("www.googleapis.com",), 2, ago(8), ()),
        ("Stripe", "test", CONNECTED, ("api.stripe.com",), 0, None, ("shared by another",)),
    ):
        yield p.ConnectionRow(
            id=f"con_{name}",
            provider=provider,
            name=name,
            state=state,
            hosts=hosts,
            agents=n,
            created_at=ago(90),
            first_used_at=used,
            problem="The provider has withdrawn the access." if state is BROKEN else "",
            notes=notes,
        )


def ended() -> Iterator[p.EndedRow]:
    for name, state, said in (
        ("old", p.Badge(text="revoked", tone=p.Tone.BAD), "revoked there too"),
        ("test", p.Badge(text="logged out", tone=p.Tone.QUIET), "not asked: put away here only"),
    ):
        yield p.EndedRow(provider="Google", name=name, state=state, ended_at=ago(2), at_provider=said)


def one(*, is_broken: bool = False) -> p.ConnectionPage:
    def form(name: str) -> p.Form:
        return p.Form(action=f"/connections/con_1/{name}")

    wrong = p.Form(action="/connections/con_1/revoke", errors={"password": "The password is wrong."})
    return p.ConnectionPage(
        provider="Google",
        name="work",
        state=BROKEN if is_broken else CONNECTED,
        problem="The provider has withdrawn the access." if is_broken else "",
        again="authsome login google --connection work",
        hosts=("www.googleapis.com", "gmail.googleapis.com"),
        agents=3,
        is_own=True,
        is_default=not is_broken,
        holder="noor@example.org",
        same_holder=("google/old",) if is_broken else (),
        checked="the provider takes it",
        checked_at=ago(0.1),
        scopes=("https://www.googleapis.com/auth/gmail.readonly",),
        missing=("https://www.googleapis.com/auth/drive.readonly",) if is_broken else (),
        expires_at=ago(-3) if is_broken else None,
        export="/connections/con_1/export",
        shared_at=None if is_broken else ago(3),
        created_at=ago(90),
        first_used_at=ago(89.9),
        acts=p.Acts(
            check=form("check"),
            reconnect=form("reconnect"),
            default=form("default") if is_broken else None,
            share=form("share") if is_broken else None,
            unshare=None if is_broken else form("unshare"),
            log_out=form("log-out"),
            revoke=wrong if is_broken else form("revoke"),
        ),
    )
