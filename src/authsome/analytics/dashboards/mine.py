"""Mine: a principal's own agents and connections. Everything in it is narrowed to one principal."""

from __future__ import annotations

from authsome.analytics.dashboards.dashboard import DashboardPlan, TilePlan
from authsome.analytics.metrics import (
    ACTIVE_AGENTS,
    AUTH_SESSION_SUCCESS_RATE,
    CREDENTIAL_USE,
    DENIALS,
    IDENTITIES_DECIDED,
    OPEN_CONNECTIONS,
    USE_BY_SURFACE,
)

MINE = DashboardPlan(
    name="mine",
    title="My agents and connections",
    description="What your own agents and connections did. Nobody else's is in it.",
    tiles=(
        TilePlan(key="active_agents", metric=ACTIVE_AGENTS),
        TilePlan(key="credential_use", metric=CREDENTIAL_USE),
        TilePlan(key="connections_by_provider", metric=OPEN_CONNECTIONS),
        TilePlan(key="auth_sessions", metric=AUTH_SESSION_SUCCESS_RATE),
        TilePlan(key="claims", metric=IDENTITIES_DECIDED),
        TilePlan(key="use_by_surface", metric=USE_BY_SURFACE),
        TilePlan(key="denials", metric=DENIALS),
    ),
)
