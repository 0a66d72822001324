"""Does it work: for those who connect, for the agents, and for the record itself?"""

from __future__ import annotations

from authsome.analytics.metric import Counted, Dimension, Distinct, Each, Kind, Lanes, Line, Summed, Unit
from authsome.auth_session.events import (
    AuthSessionCancelled,
    AuthSessionCompleted,
    AuthSessionExpired,
    AuthSessionFailed,
)
from authsome.connection.events import (
    ConnectionCreated,
    ConnectionLoggedOut,
    ConnectionMarkedBroken,
    ConnectionMended,
    ConnectionReauthorized,
    ConnectionRefreshed,
    ConnectionRefreshFailed,
    ConnectionRevoked,
    CredentialsUsed,
)
from authsome.connection.model import UseOutcome
from authsome.grant.events import RequestDenied
from authsome.kit.caller import Surface
from authsome.telemetry.events import RequestsServed

AUTH_SESSION_SUCCESS_RATE = Counted(
    name="auth_session_success_rate",
    title="Auth session success rate",
    question="Does connecting a provider work for those who try?",
    definition="Completed auth sessions ÷ (completed + failed + expired), by the day the session ended; one "
    "that connects anew what was connected counts too. Cancelled ones are shown beside it and count neither "
    "for nor against. A day on which none ended has no rate.",
    healthy="Nine in ten or more. When it falls, look at it by provider and reason: one provider is usually "
    "why.",
    unit=Unit.PERCENT,
    drawn=Kind.RATE,
    of=Unit.AUTH_SESSIONS,
    counted=Distinct("auth_session_id"),
    lines=(
        Line(key="completed", title="Completed", event=AuthSessionCompleted),
        Line(key="failed", title="Failed", event=AuthSessionFailed),
        Line(key="expired", title="Expired", event=AuthSessionExpired),
        Line(key="cancelled", title="Cancelled", event=AuthSessionCancelled, decides=False),
    ),
    by=(Dimension.PROVIDER, Dimension.FLOW, Dimension.REASON),
)

_CREATED = Line(key="connections", title="Connections", event=ConnectionCreated)
_ENDS = (ConnectionLoggedOut, ConnectionRevoked)

TOP_PROVIDERS = Counted(
    name="top_providers",
    title="Top providers connected",
    question="Which providers do people connect?",
    definition="Connections created in the time shown, by provider, each once. Custom providers have their "
    "own name here; outside the installation it may be hashed.",
    healthy="Follows what the team's agents are for. A provider that disappears was replaced, or broke.",
    unit=Unit.CONNECTIONS,
    drawn=Kind.RANKING,
    counted=Distinct("connection_id"),
    lines=(_CREATED,),
    by=(Dimension.PROVIDER,),
)

CONNECTED_PRINCIPALS = Counted(
    name="connected_principals",
    title="Principals who connected a provider",
    question="How many people connected each provider?",
    definition="Principals who created a connection in the time shown, each once per provider. Whoever "
    "connected two providers counts with both, and once in the total.",
    healthy="Close to the number of connections; far fewer means that few people connect again and again.",
    unit=Unit.PRINCIPALS,
    drawn=Kind.RANKING,
    counted=Distinct("principal_id"),
    lines=(Line(key="principals", title="Principals", event=ConnectionCreated),),
    by=(Dimension.PROVIDER,),
)

PROVIDERS_OVER_TIME = Counted(
    name="providers_over_time",
    title="Providers connected over time",
    question="When were which providers connected?",
    definition="Connections created, each once, by provider and by the day, week or month. The six with "
    "the most are apart, all further ones together.",
    healthy="A provider that nobody connects any more is gone from use, or does not work.",
    unit=Unit.CONNECTIONS,
    drawn=Kind.SPLIT,
    counted=Distinct("connection_id"),
    lines=(_CREATED,),
    by=(Dimension.PROVIDER,),
)

CONNECTIONS_BY_STATE = Counted(
    name="connections_by_state",
    title="Connections by state",
    question="How many connections are there, and what became of the others?",
    definition="At the end of each day, week or month: open are those created up to then, less those logged "
    "out or revoked. Those of them need reconnection that were marked broken, and neither connected anew nor "
    "ended since. Logged out and revoked are all that ended so up to then.",
    healthy="Open rises with use, and hardly any needs reconnection: agents stand still until it is there. A "
    "jump of revoked is somebody reacting to a leak.",
    unit=Unit.CONNECTIONS,
    drawn=Kind.STANDING,
    counted=Each(),
    lines=(
        Line(key="open", title="Open", event=ConnectionCreated, less=_ENDS),
        Line(
            key="needs_reconnection",
            title="Needing reconnection",
            event=ConnectionMarkedBroken,
            less=(ConnectionMended,),
        ),
        Line(key="logged_out", title="Logged out", event=ConnectionLoggedOut),
        Line(key="revoked", title="Revoked", event=ConnectionRevoked),
    ),
)

OPEN_CONNECTIONS = Counted(
    name="open_connections",
    title="Top providers now",
    question="Which providers are connected now, and how did that grow?",
    definition="Connections created up to then, less those logged out or revoked; by provider, as it is at "
    "the end of the time shown.",
    healthy="Grows with the team. A provider whose number falls is being given up.",
    unit=Unit.CONNECTIONS,
    drawn=Kind.STANDING,
    counted=Distinct("connection_id"),
    lines=(Line(key="open", title="Open", event=ConnectionCreated, less=_ENDS),),
    by=(Dimension.PROVIDER,),
)


REFRESHES = Counted(
    name="refreshes",
    title="Refreshes that work",
    question="Do connections get their next token when the last one runs out?",
    definition="Refreshes after which a new token was sealed ÷ all that were tried, each by the day it "
    "ended. A refresh that fails is tried again, so one bad hour of a provider counts several times.",
    healthy="Nearly all. Failures of one provider are its bad hours; those with the reason refused are "
    "people who have to connect again.",
    unit=Unit.PERCENT,
    of=Unit.REFRESHES,
    drawn=Kind.RATE,
    counted=Each(),
    lines=(
        Line(key="refreshed", title="Refreshed", event=ConnectionRefreshed),
        Line(key="failed", title="Failed", event=ConnectionRefreshFailed),
    ),
    by=(Dimension.PROVIDER, Dimension.REASON),
)

RECONNECTIONS = Counted(
    name="reconnections",
    title="Connections that broke",
    question="How often does a connection stop working, and is it connected again?",
    definition="How often a connection was marked as one that needs its principal, and how often a "
    "principal connected one anew in its place.",
    healthy="Both low, and the same within a day. Broken without reconnected are agents that stand still.",
    unit=Unit.CONNECTIONS,
    drawn=Kind.COUNTS,
    counted=Each(),
    lines=(
        Line(key="broken", title="Broken", event=ConnectionMarkedBroken),
        Line(key="reconnected", title="Reconnected", event=ConnectionReauthorized),
    ),
)


def _use(outcome: UseOutcome, title: str) -> Line:
    return Line(
        key=outcome.value,
        title=title,
        event=CredentialsUsed,
        where=(Dimension.OUTCOME, outcome.value),
    )


CREDENTIAL_USE = Counted(
    name="credential_use",
    title="Credential use that works",
    question="Do the requests that agents send with a credential get through?",
    definition="Requests that carried a credential and that the provider answered, whatever it said but 401, "
    "÷ all that agents sent for a connection, counted hour by hour. The rest: the provider rejected the "
    "credential (401); the gateway stopped it; no answer could be had.",
    healthy="Nearly all. Rejected credentials are keys that expired or were revoked elsewhere: reconnect.",
    unit=Unit.PERCENT,
    drawn=Kind.RATE,
    of=Unit.REQUESTS,
    counted=Summed(),
    lines=(
        _use(UseOutcome.DELIVERED, "Answered"),
        _use(UseOutcome.CREDENTIAL_REJECTED, "Rejected by the provider"),
        _use(UseOutcome.REFUSED, "Stopped by the gateway"),
        _use(UseOutcome.UPSTREAM_FAILED, "No answer"),
    ),
    by=(Dimension.PROVIDER,),
)


def _served(surface: Surface, title: str) -> Line:
    return Line(
        key=surface.value,
        title=title,
        event=RequestsServed,
        where=(Dimension.SURFACE, surface.value),
    )


USE_BY_SURFACE = Counted(
    name="use_by_surface",
    title="Use by surface",
    question="Through which doors do agents and people come?",
    definition="Requests, counted hour by hour: through the proxy with a credential; from the command line; "
    "to the API from other programs; for pages.",
    healthy="The proxy carries most. Pages without proxy are people who look and do not run anything.",
    unit=Unit.REQUESTS,
    drawn=Kind.COUNTS,
    counted=Summed(),
    lines=(
        Line(key=Surface.PROXY.value, title="Proxy", event=CredentialsUsed),
        _served(Surface.CLI, "Command line"),
        _served(Surface.API, "API"),
        _served(Surface.PAGE, "Pages"),
    ),
)

DENIALS = Counted(
    name="denials",
    title="Refusals by the gateway",
    question="What does the gateway refuse, and why?",
    definition="Refusals of an identity's requests, by reason: the first of its kind in a minute. They say "
    "how often agents ran into a wall; how many requests did is in credential use, stopped by the gateway.",
    healthy="A few while an agent is set up. A steady stream is an agent that wants what it was not "
    "granted, or was led astray.",
    unit=Unit.REFUSALS,
    drawn=Kind.SPLIT,
    counted=Each(),
    lines=(Line(key="denied", title="Refused", event=RequestDenied),),
    by=(Dimension.REASON,),
)

DELIVERY = Lanes(
    name="delivery",
    title="Delivery of facts",
    question="Does everything that happened arrive where it should?",
    definition="A fact is what the log has of one thing that happened; a sink is where facts go. For each: "
    "facts that wait because it has not taken them yet, and those set aside because they can never be taken "
    "as they are. Dropped: uses that were not counted because too many came at once.",
    healthy="Waiting goes to zero within seconds, set aside and dropped stay at zero.",
    unit=Unit.FACTS,
    here_only="how far a sink is, is in this installation's own books: no fact says it, and none could "
    "arrive if the lane were broken",
)
