"""The pages of connecting a provider by its own page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from authsome.server.web import pages as p
from tests.unit.server.web.sample_answers import NOW


def going_there(member: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    """Connecting a provider by its own page."""
    hosts = ("www.googleapis.com", "gmail.googleapis.com")
    for is_again in (False, True):
        page = p.AuthorizePage(
            form=p.Form(action="/connect/token"),
            provider="Google",
            connection="work",
            asks_at="accounts.google.com",
            scopes=("https://www.googleapis.com/auth/gmail.readonly",),
            hosts=hosts,
            expires_at=NOW + timedelta(minutes=10),
            is_again=is_again,
        )
        yield f"authorize{'-again' if is_again else ''}", page, member
        done = p.ArrivalPage(provider="Google", connection="work", hosts=hosts, is_again=is_again)
        yield f"arrival{'-again' if is_again else ''}", done, member
        own = p.OwnClientPage(
            form=p.Form(action="/connect/token"),
            provider="Acme",
            connection="machine",
            asks_at="login.acme.example",
            scopes=("read", "write"),
            hosts=("api.acme.example",),
            expires_at=NOW + timedelta(minutes=10),
            is_again=is_again,
        )
        yield f"own-client{'-again' if is_again else ''}", own, member
    yield from typing_there(member)
    url = "https://accounts.google.com/o/oauth2/v2/auth?client_id=1&state=2"
    yield "departure", p.DeparturePage(provider="Google", asks_at="accounts.google.com", url=url), member
    failed = p.ArrivalPage(
        provider="Google",
        connection="work",
        problem="Access was not allowed on the provider's page.",
        next_step="Begin again if that was a mistake.",
        command="authsome login google --connection work",
    )
    yield "arrival-failed", failed, member


def by_address(admin: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    """Connecting an MCP server by its address."""
    form = p.Form(action="/add-server")
    yield "by-address", p.ByAddressPage(form=form), admin
    refused = p.Form(
        action="/add-server",
        sent={"address": "https://mcp.example.com/mcp", "name": "example"},
        problem="mcp.example.com: it does not say which authorization server guards it (RFC 9728). Check the "
        "address, or describe it in a file: `authsome providers add FILE`.",
    )
    yield "by-address-refused", p.ByAddressPage(form=refused), admin
    for problem in ("", "It wants a token for that."):
        page = p.ClientMissingPage(
            provider="example",
            asks_at="auth.example.com",
            redirect_uri="https://authsome.example.org/auth/callback",
            command="authsome providers client example --client-id ID",
            problem=problem,
        )
        yield f"client-missing{'-refused' if problem else ''}", page, admin


def typing_there(member: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    """Connecting it by a code."""
    device = p.DevicePage(
        form=p.Form(action="/connect/token"),
        provider="GitHub",
        connection="work",
        scopes=("repo",),
        hosts=("api.github.com",),
        expires_at=NOW + timedelta(minutes=10),
    )
    yield "device", device, member
    where = "https://github.com/login/device"
    code = replace(device, user_code="WDJB-MJHT", verification_uri=where, link=where)
    yield "device-code", code, member
