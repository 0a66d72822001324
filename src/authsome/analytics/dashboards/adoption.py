"""Adoption: is it being taken up, by whom, and does the way in work?"""

from __future__ import annotations

from authsome.analytics.dashboards.dashboard import DashboardPlan, TilePlan
from authsome.analytics.metrics import (
    AUTH_SESSION_SUCCESS_RATE,
    CONNECTED_PRINCIPALS,
    IDENTITIES,
    REGISTERED_PRINCIPALS,
    TOP_PROVIDERS,
)

ADOPTION = DashboardPlan(
    name="adoption",
    title="Authsome: adoption",
    description="Who registers, whose agents get claimed, whether connecting works, and to what.",
    tiles=(
        TilePlan(key="principals", metric=REGISTERED_PRINCIPALS),
        TilePlan(key="identities", metric=IDENTITIES),
        TilePlan(key="auth_sessions", metric=AUTH_SESSION_SUCCESS_RATE),
        TilePlan(key="providers", metric=TOP_PROVIDERS, beside=CONNECTED_PRINCIPALS),
    ),
)
