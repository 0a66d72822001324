"""Adoption: is it being taken up, by whom, and does the way in work?"""

from __future__ import annotations

from authsome.analytics.dashboards.dashboard import DashboardPlan, TilePlan
from authsome.analytics.metrics import (
    ACTIVE_AGENTS,
    ACTIVE_PRINCIPALS,
    AGENT_RETENTION,
    AUTH_SESSION_SUCCESS_RATE,
    CLAIM_FUNNEL,
    CONNECTED_PRINCIPALS,
    IDENTITIES,
    PRINCIPAL_RETENTION,
    REGISTERED_PRINCIPALS,
    TOP_PROVIDERS,
)

ADOPTION = DashboardPlan(
    name="adoption",
    title="Authsome: adoption",
    description="Who registers, whose agents get claimed, whether connecting works, and who comes back.",
    tiles=(
        TilePlan(key="principals", metric=REGISTERED_PRINCIPALS),
        TilePlan(key="identities", metric=IDENTITIES),
        TilePlan(key="auth_sessions", metric=AUTH_SESSION_SUCCESS_RATE),
        TilePlan(key="providers", metric=TOP_PROVIDERS, beside=CONNECTED_PRINCIPALS),
        TilePlan(key="claim_funnel", metric=CLAIM_FUNNEL),
        TilePlan(key="active_principals", metric=ACTIVE_PRINCIPALS),
        TilePlan(key="active_agents", metric=ACTIVE_AGENTS),
        TilePlan(key="retention_principals", metric=PRINCIPAL_RETENTION),
        TilePlan(key="retention_agents", metric=AGENT_RETENTION),
    ),
)
