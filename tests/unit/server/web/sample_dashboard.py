"""The dashboard with a year of steady growth, made by arithmetic so that it is the same each time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from authsome.server.web import pages as p

NOW = datetime(2026, 11, 22, 10, 15, 30, 123456, tzinfo=UTC)
TODAY = NOW.date()


def dashboard(days: int, *, empty: bool = False) -> p.AnalyticsPage:
    """The last `days` days of it; or an installation in which nothing has happened yet."""
    span = [TODAY - timedelta(days=days - 1 - at) for at in range(days)]

    def row(scale: float, turn: int) -> list[int]:
        return [0 if empty else wave(when, scale, turn) for when in span]

    new = row(2.2, 3)
    total = [0 if empty else 640 - sum(new[at + 1 :]) for at in range(days)]
    registered, claimed, rejected = row(6.5, 5), row(5.2, 7), row(0.8, 11)
    completed, failed, expired = row(4.5, 2), row(0.7, 13), row(0.4, 9)
    names = ("GitHub", "OpenAI", "Anthropic", "Google", "Slack", "Invoice archive", "Stripe")
    figures = (
        p.Figure(name="Principals", value="0" if empty else "640", note=f"{sum(new)} new"),
        p.Figure(name="Identities claimed", value=str(sum(claimed)), note=f"of {sum(registered)} registered"),
        p.Figure(name="Auth sessions completed", value="–" if empty else "84.1%"),
        p.Figure(name="Connections", value="0" if empty else "1,204"),
    )
    tiles = (
        p.principals_over_time(words("principals"), days=span, new=new, total=total),
        p.identities_and_claims(
            words("identities"), days=span, registered=registered, claimed=claimed, rejected=rejected
        ),
        p.auth_session_success(words("auth"), days=span, completed=completed, failed=failed, expired=expired),
        p.top_providers(
            words("providers"),
            names=names,
            connections=[0] * 7 if empty else [412, 388, 211, 97, 54, 30, 12],
        ),
    )
    return p.AnalyticsPage(days=days, figures=figures, tiles=tiles, as_of=NOW)


def wave(when: date, scale: float, turn: int) -> int:
    """A number of things on a day: fewer at the weekend, more as time goes on, uneven."""
    day = when.toordinal()
    growth = 0.45 + (day - TODAY.toordinal() + 365) / 365
    uneven = ((day * 7919 * turn) % 101) / 50
    return int(scale * growth * uneven * (0.25 if when.weekday() > 4 else 1.0) + 0.35)


def words(which: str) -> p.Words:
    """The four metrics' own words, as the dashboard shows them."""
    return {
        "principals": p.Words(
            title="Registered principals over time",
            question="How many people are registered here, and is the number growing?",
            definition="Distinct principal_id of principal_registered, by the day it happened. "
            "Erased principals stop counting at once.",
        ),
        "identities": p.Words(
            title="Identities registered and claimed",
            question="Do the agents that register find a principal who claims them?",
            definition="Distinct identity_handle of identity_registered, identity_claimed and "
            "identity_claim_rejected, each by its own day.",
        ),
        "auth": p.Words(
            title="Auth session success rate",
            question="When somebody tries to connect a provider, does it work?",
            definition="Completed ÷ (completed + failed + expired), by the day the session ended. "
            "Cancelled sessions are left out.",
        ),
        "providers": p.Words(
            title="Top providers connected",
            question="Which providers do people connect?",
            definition="Connections that exist now, by provider. One added from a file has its own name.",
        ),
    }[which]
