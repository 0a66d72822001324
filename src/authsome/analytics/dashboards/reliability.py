"""Reliability: does it work, for those who connect, for the agents, and for the record itself?"""

from __future__ import annotations

from authsome.analytics.dashboards.dashboard import DashboardPlan, TilePlan
from authsome.analytics.metrics import (
    AUTH_SESSION_SUCCESS_RATE,
    CONNECTIONS_BY_STATE,
    CREDENTIAL_USE,
    DELIVERY,
    DENIALS,
    OPEN_CONNECTIONS,
    PROVIDERS_OVER_TIME,
    RECONNECTIONS,
    REFRESHES,
    USE_BY_SURFACE,
)

RELIABILITY = DashboardPlan(
    name="reliability",
    title="Authsome: reliability",
    description="Whether connecting works, what is connected, and whether agents' requests get through.",
    tiles=(
        TilePlan(key="auth_sessions", metric=AUTH_SESSION_SUCCESS_RATE),
        TilePlan(key="credential_use", metric=CREDENTIAL_USE),
        TilePlan(key="connections_by_provider", metric=OPEN_CONNECTIONS),
        TilePlan(key="providers_over_time", metric=PROVIDERS_OVER_TIME),
        TilePlan(key="connections_by_state", metric=CONNECTIONS_BY_STATE),
        TilePlan(key="refreshes", metric=REFRESHES),
        TilePlan(key="reconnections", metric=RECONNECTIONS),
        TilePlan(key="use_by_surface", metric=USE_BY_SURFACE),
        TilePlan(key="denials", metric=DENIALS),
        TilePlan(key="telemetry", metric=DELIVERY),
    ),
)
