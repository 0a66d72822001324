"""Every metric, defined once: the pages, the command line, PostHog and the reference all read this.

- `activities` says what makes somebody active;
- `adoption` and `reliability` have the metrics of the two dashboards.

To add a metric: define it in one of these, list it in `METRICS`, put it on a dashboard, run `make docs`.
"""

from __future__ import annotations

from authsome.analytics.metrics.adoption import (
    ACTIVE_AGENTS,
    ACTIVE_PRINCIPALS,
    AGENT_RETENTION,
    CLAIM_FUNNEL,
    IDENTITIES,
    IDENTITIES_DECIDED,
    PRINCIPAL_RETENTION,
    REGISTERED_PRINCIPALS,
)
from authsome.analytics.metrics.reliability import (
    AUTH_SESSION_SUCCESS_RATE,
    CONNECTED_PRINCIPALS,
    CONNECTIONS_BY_STATE,
    CREDENTIAL_USE,
    DELIVERY,
    DENIALS,
    OPEN_CONNECTIONS,
    PROVIDERS_OVER_TIME,
    RECONNECTIONS,
    REFRESHES,
    TOP_PROVIDERS,
    USE_BY_SURFACE,
)

METRICS = (
    REGISTERED_PRINCIPALS,
    IDENTITIES,
    IDENTITIES_DECIDED,
    CLAIM_FUNNEL,
    ACTIVE_PRINCIPALS,
    ACTIVE_AGENTS,
    PRINCIPAL_RETENTION,
    AGENT_RETENTION,
    AUTH_SESSION_SUCCESS_RATE,
    TOP_PROVIDERS,
    CONNECTED_PRINCIPALS,
    PROVIDERS_OVER_TIME,
    CONNECTIONS_BY_STATE,
    OPEN_CONNECTIONS,
    REFRESHES,
    RECONNECTIONS,
    CREDENTIAL_USE,
    USE_BY_SURFACE,
    DENIALS,
    DELIVERY,
)

__all__ = [
    "ACTIVE_AGENTS",
    "ACTIVE_PRINCIPALS",
    "AGENT_RETENTION",
    "AUTH_SESSION_SUCCESS_RATE",
    "CLAIM_FUNNEL",
    "CONNECTED_PRINCIPALS",
    "CONNECTIONS_BY_STATE",
    "CREDENTIAL_USE",
    "DELIVERY",
    "DENIALS",
    "IDENTITIES",
    "IDENTITIES_DECIDED",
    "METRICS",
    "OPEN_CONNECTIONS",
    "PRINCIPAL_RETENTION",
    "PROVIDERS_OVER_TIME",
    "RECONNECTIONS",
    "REFRESHES",
    "REGISTERED_PRINCIPALS",
    "TOP_PROVIDERS",
    "USE_BY_SURFACE",
]
