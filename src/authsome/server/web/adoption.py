"""The adoption dashboard as a page: what analytics answers, put into the tiles that are drawn."""

from __future__ import annotations

from collections.abc import Mapping

from authsome.analytics.answers import DashboardAnswer, TileAnswer
from authsome.server.web.filters import count, percent
from authsome.server.web.pages import (
    AnalyticsPage,
    Figure,
    Tile,
    Words,
    auth_session_success,
    identities_and_claims,
    principals_over_time,
    top_providers,
)


def adoption_page(answer: DashboardAnswer, *, provider_names: Mapping[str, str]) -> AnalyticsPage:
    """The page over the days of the answer. `provider_names` says how people know the providers."""
    return AnalyticsPage(
        days=len(answer.buckets),
        figures=_figures(answer),
        tiles=_tiles(answer, provider_names),
        time_zone=answer.time_zone,
        as_of=answer.as_of,
    )


def _tiles(answer: DashboardAnswer, names: Mapping[str, str]) -> tuple[Tile, ...]:
    principals, identities = answer.tile("principals"), answer.tile("identities")
    sessions, providers = answer.tile("auth_sessions"), answer.tile("providers")
    ranked = providers.by["provider"]
    return (
        principals_over_time(
            _words(principals),
            days=answer.buckets,
            new=principals.line("new").values,
            total=principals.line("total").values,
        ),
        identities_and_claims(
            _words(identities),
            days=answer.buckets,
            registered=identities.line("registered").values,
            claimed=identities.line("claimed").values,
            rejected=identities.line("rejected").values,
        ),
        auth_session_success(
            _words(sessions),
            days=answer.buckets,
            completed=sessions.line("completed").values,
            failed=sessions.line("failed").values,
            expired=sessions.line("expired").values,
        ),
        top_providers(
            _words(providers),
            names=[names.get(row.name, row.name) for row in ranked],
            connections=[row.counts["connections"] for row in ranked],
        ),
    )


def _figures(answer: DashboardAnswer) -> tuple[Figure, ...]:
    principals, identities = answer.tile("principals"), answer.tile("identities")
    sessions, connections = answer.tile("auth_sessions"), answer.tile("providers").line("connections")
    registered, claimed = identities.line("registered").total, identities.line("claimed").total
    return (
        Figure(
            name="Principals",
            value=count(principals.line("total").total),
            note=f"{count(principals.line('new').total)} new",
        ),
        Figure(name="Identities claimed", value=count(claimed), note=f"of {count(registered)} registered"),
        Figure(
            name="Auth sessions completed",
            value=percent(sessions.rate.total if sessions.rate else None),
            note=f"{count(sessions.line('completed').total)} completed",
        ),
        Figure(name="Connections made", value=count(connections.total)),
    )


def _words(tile: TileAnswer) -> Words:
    return Words(title=tile.title, question=tile.question, definition=f"{tile.definition} {tile.healthy}")
