"""The pages about providers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from authsome.server.web import pages as p

DEFINITION = '{\n  "name": "acme",\n  "hosts": ["api.acme.example"]\n}'


def providers(member: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    """What there is, and what a search finds of it."""
    listed, kinds = tuple(rows()), (("ai", "AI models"), ("payments", "Payments"))
    yield "providers-empty", p.ProvidersPage(), member
    yield "providers", p.ProvidersPage(providers=listed, there_are=len(listed), may_add=True), member
    yield (
        "providers-found",
        p.ProvidersPage(
            providers=listed[:1], there_are=5, searched="open ai", categories=kinds, category="ai"
        ),
        member,
    )
    yield from one(member)
    yield from adding(member)
    yield from amending(member)
    yield "providers-none-found", p.ProvidersPage(there_are=5, searched="mainframe", categories=kinds), member


def one(member: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    page = p.ProviderPage(
        key="acme",
        name="Acme",
        description="Anvils, by return of post.",
        origin="added here",
        flow="API key",
        hosts=("api.acme.example", "*.eu.acme.example"),
        docs_url="https://docs.acme.example/api",
        definition=DEFINITION,
        private_addresses=("api.acme.example:443",),
        connect=p.Form(action="/providers/acme/connect", sent={"name": "default"}),
        test=p.Form(action="/providers/acme/test"),
    )
    yield "provider", page, member
    flows = (("api_key", "API key"), ("authorization_code", "its own page"))
    taken = replace(page.connect, errors={"name": "A live connection of this name exists already."})
    yield "provider-name-taken", replace(page, flows=flows, connect=taken), member
    yield "provider-tested", replace(page, tested=tested(passed=True)), member
    yield "provider-unfit", replace(page, tested=tested(passed=False)), member
    change = p.Form(action="/providers/acme", sent={"definition": DEFINITION}, hidden={"act": "change"})
    remove = p.Form(action="/providers/acme", hidden={"act": "remove"})
    yield "provider-to-change", replace(page, change=change, remove=remove), member
    callback = "https://gateway.example.org/auth/callback"
    yield "provider-by-its-page", replace(page, redirect_uri=callback, change=change, remove=remove), member
    override = replace(change, problem="Hosts must be a list of 1 to 50 hosts.")
    yield "provider-to-override", replace(page, change=override), member


def tested(*, passed: bool) -> p.TestedPart:
    good, bad = p.Badge(text="passed", tone=p.Tone.GOOD), p.Badge(text="failed", tone=p.Tone.BAD)
    url = "https://api.acme.example/me"
    step = p.TestedRow(state=good, what="tls", about="api.acme.example", detail="TLSv1.3")
    credential = p.TestedRow(state=good, what="credential", about=url, detail="answers 200 to acme/default")
    if not passed:
        advice = "connect it again: `authsome login acme`"
        credential = replace(credential, state=bad, detail="answers 401 to acme/default", advice=advice)
    return p.TestedPart(passed=passed, connection="acme/default", steps=(step, credential))


def adding(member: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    form = p.Form(action="/add-provider", sent={"definition": DEFINITION})
    yield "add-provider", p.AddProviderPage(form=form), member
    yield "add-provider-well", p.AddProviderPage(form=form, is_well=True), member
    refused = replace(form, problem="The definition lacks the key hosts.")
    yield "add-provider-refused", p.AddProviderPage(form=refused), member


def amending(member: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    page = p.AmendmentPage(
        title="Change this provider?",
        key="acme",
        name="Acme",
        consequences=(
            "Secrets would go to elsewhere.example, where they do not go yet.",
            "12 connections of 7 people cannot be used by any agent until their owners connect them again.",
        ),
        definition=DEFINITION,
        private_addresses=("api.acme.example:443",),
        form=p.Form(action="/amendments/amd_1", hidden={"seen": "0" * 64}),
        act="Change it",
    )
    yield "amendment", page, member
    yield "amendment-done", replace(page, form=None, title="The provider is changed"), member
    yield (
        "amendment-remove",
        replace(page, title="Remove this provider?", definition="", act="Remove it"),
        member,
    )


def rows() -> Iterator[p.ProviderRow]:
    for key, name, host in (
        ("openai", "OpenAI", "api.openai.com"),
        ("anthropic", "Anthropic", "api.anthropic.com"),
        ("github", "GitHub", "api.github.com"),
        ("stripe", "Stripe", "api.stripe.com"),
        ("sendgrid", "SendGrid", "api.sendgrid.com"),
    ):
        docs_url = f"https://docs.{key}.example/api"
        yield p.ProviderRow(
            key=key,
            name=name,
            description=f"What {name} does." if key != "sendgrid" else "",
            categories=("AI models", "Code") if key != "sendgrid" else (),
            flow="API key",
            origin="bundled",
            hosts=(host,),
            docs_url=docs_url,
            connections=2 if key == "openai" else 0,
        )
