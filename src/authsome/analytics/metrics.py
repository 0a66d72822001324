"""Every metric, defined once: the pages, the command line, PostHog and the reference all read this."""

from __future__ import annotations

from authsome.analytics.metric import Dimension, Kind, Line, Metric, Unit
from authsome.auth_session.events import (
    AuthSessionCancelled,
    AuthSessionCompleted,
    AuthSessionExpired,
    AuthSessionFailed,
)
from authsome.claim.events import IdentityClaimed, IdentityClaimRejected
from authsome.connection.events import ConnectionCreated
from authsome.identity.events import IdentityRegistered
from authsome.principal.events import PrincipalRegistered

REGISTERED_PRINCIPALS = Metric(
    name="registered_principals",
    title="Registered principals",
    question="How many people have registered, and how fast does the number grow?",
    definition="Principals, each once, on the day they registered. In all: everybody who has registered up "
    "to and including that day. Principals who were disabled since then stay counted.",
    healthy="Rises while a team takes it up, then flattens. It never falls.",
    kind=Kind.GROWTH,
    unit=Unit.PRINCIPALS,
    counted="principal_id",
    lines=(Line(key="new", title="New", event=PrincipalRegistered),),
)

IDENTITIES = Metric(
    name="identities",
    title="Identities registered and claimed",
    question="Do the agents that register also get claimed?",
    definition="Identities, each once a day for each of: its key was registered; a principal claimed it; a "
    "principal rejected it. The totals count an identity once in the whole time.",
    healthy="Claimed stays close to registered, within the hour; rejected stays near zero. A gap means that "
    "people do not finish, or that strangers try.",
    kind=Kind.COUNTS,
    unit=Unit.IDENTITIES,
    counted="identity_handle",
    lines=(
        Line(key="registered", title="Registered", event=IdentityRegistered),
        Line(key="claimed", title="Claimed", event=IdentityClaimed),
        Line(key="rejected", title="Rejected", event=IdentityClaimRejected),
    ),
)

AUTH_SESSION_SUCCESS_RATE = Metric(
    name="auth_session_success_rate",
    title="Auth session success rate",
    question="Does connecting a provider work for those who try?",
    definition="Completed auth sessions ÷ (completed + failed + expired), by the day the session ended. "
    "Cancelled ones are shown beside it and count neither for nor against. A day on which none ended has "
    "no rate.",
    healthy="Nine in ten or more. When it falls, look at it by provider and reason: one provider is usually "
    "why.",
    kind=Kind.RATE,
    unit=Unit.PERCENT,
    counted="auth_session_id",
    lines=(
        Line(key="completed", title="Completed", event=AuthSessionCompleted),
        Line(key="failed", title="Failed", event=AuthSessionFailed),
        Line(key="expired", title="Expired", event=AuthSessionExpired),
        Line(key="cancelled", title="Cancelled", event=AuthSessionCancelled, decides=False),
    ),
    by=(Dimension.PROVIDER, Dimension.FLOW, Dimension.REASON),
)

TOP_PROVIDERS = Metric(
    name="top_providers",
    title="Top providers connected",
    question="Which providers do people connect?",
    definition="Connections created in the time shown, by provider, each once. Custom providers have their "
    "own name here; outside the installation it may be hashed.",
    healthy="Follows what the team's agents are for. A provider that disappears was replaced, or broke.",
    kind=Kind.RANKING,
    unit=Unit.CONNECTIONS,
    counted="connection_id",
    lines=(Line(key="connections", title="Connections", event=ConnectionCreated),),
    by=(Dimension.PROVIDER,),
)

CONNECTED_PRINCIPALS = Metric(
    name="connected_principals",
    title="Principals who connected a provider",
    question="How many people connected each provider?",
    definition="Principals who created a connection in the time shown, each once per provider. Whoever "
    "connected two providers counts with both, and once in the total.",
    healthy="Close to the number of connections; far fewer means that few people connect again and again.",
    kind=Kind.RANKING,
    unit=Unit.PRINCIPALS,
    counted="principal_id",
    lines=(Line(key="principals", title="Principals", event=ConnectionCreated),),
    by=(Dimension.PROVIDER,),
)

METRICS = (
    REGISTERED_PRINCIPALS,
    IDENTITIES,
    AUTH_SESSION_SUCCESS_RATE,
    TOP_PROVIDERS,
    CONNECTED_PRINCIPALS,
)
