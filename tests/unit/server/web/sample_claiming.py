"""The pages on which a person decides, and lets an agent or a key in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from authsome.server.web import pages as p
from tests.unit.server.web.sample_answers import NOW
from tests.unit.server.web.sample_frames import (
    DID,
    MEMBER,
    Sample,
    ago,
)


def choices(*, chosen: bool = False) -> tuple[p.ConnectionChoice, ...]:
    return (
        p.ConnectionChoice(
            id="con_1", provider="OpenAI", name="default", hosts=("api.openai.com",), chosen=chosen
        ),
        p.ConnectionChoice(
            id="con_2", provider="GitHub", name="work", hosts=("api.github.com", "uploads.github.com")
        ),
        p.ConnectionChoice(id="con_3", provider="Invoice archive", name="default", hosts=("10.0.4.7:8443",)),
    )


def deciding() -> Iterator[Sample]:
    yield "claim-code", p.ClaimCodePage(form=p.Form(action="/claim/1Yw0m3p8")), MEMBER
    wrong = p.Form(
        action="/claim/1Yw0m3p8",
        sent={"code": "BRKD-MMPT"},
        errors={"code": "That is not the code."},
    )
    yield "claim-code-wrong", p.ClaimCodePage(form=wrong), MEMBER
    for name, offered in (("claim", choices()), ("claim-nothing-connected", ())):
        claim = p.ClaimPage(
            form=p.Form(action="/claim/clm_1"),
            handle="brisk-amber-otter-4821",
            did=DID,
            label="invoice sorter",
            asked_at=ago(0.002),
            asked_from="the address you are at",
            expires_at=NOW + timedelta(minutes=57),
            connections=offered,
        )
        yield name, claim, MEMBER
    accepted, rejected = p.Decision.ACCEPTED, p.Decision.REJECTED
    done = p.ClaimResultPage(
        decision=accepted, handle="brisk-amber-otter-4821", granted=("OpenAI default", "GitHub work")
    )
    yield "claim-accepted", done, MEMBER
    yield "claim-rejected", p.ClaimResultPage(decision=rejected, handle="brisk-amber-otter-4821"), MEMBER


def letting_in() -> Iterator[Sample]:
    accepted, rejected = p.Decision.ACCEPTED, p.Decision.REJECTED
    terminal = p.SignInConfirmPage(
        form=p.Form(action="/sign-in"),
        code="HKWT-PRNB",
        lasts=timedelta(hours=1),
    )
    yield "sign-in-confirm", terminal, MEMBER
    yield "sign-in-accepted", p.SignInResultPage(decision=accepted), MEMBER
    yield "sign-in-rejected", p.SignInResultPage(decision=rejected), MEMBER
    key = p.KeyEntryPage(
        form=p.Form(action="/auth-sessions/aus_1"),
        provider="OpenAI",
        connection="work",
        inputs=(p.KeyInput("key", "API key"),),
        docs_url="https://platform.openai.com/api-keys",
        hosts=("api.openai.com",),
        expires_at=NOW + timedelta(minutes=10),
    )
    yield "key-entry", key, MEMBER
    two = (
        p.KeyInput("key-account_sid", "Account SID", secret=False),
        p.KeyInput("key-auth_token", "Auth token"),
    )
    yield "key-entry-fields", replace(key, provider="Twilio", inputs=two), MEMBER
    for decision in p.Decision:
        result = p.KeyEntryResultPage(
            decision=decision,
            provider="OpenAI",
            connection="default",
            hosts=("api.openai.com",),
            command="authsome login openai --connection default",
            begin="/providers/openai#connect",
        )
        yield f"key-entry-{decision.value}", result, MEMBER
