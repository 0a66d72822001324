"""The pages about providers."""

from __future__ import annotations

from collections.abc import Iterator

from authsome.server.web import pages as p


def providers(member: p.Frame) -> Iterator[tuple[str, p.Page, p.Frame]]:
    """What there is, and what a search finds of it."""
    listed, kinds = tuple(rows()), (("ai", "AI models"), ("payments", "Payments"))
    yield "providers-empty", p.ProvidersPage(), member
    yield "providers", p.ProvidersPage(providers=listed, there_are=len(listed)), member
    yield (
        "providers-found",
        p.ProvidersPage(
            providers=listed[:1], there_are=5, searched="open ai", categories=kinds, category="ai"
        ),
        member,
    )
    yield "providers-none-found", p.ProvidersPage(there_are=5, searched="mainframe", categories=kinds), member


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
