"""Is it being taken up, by whom, and do they come back?"""

from __future__ import annotations

from datetime import timedelta

from authsome.analytics.metric import (
    Active,
    Counted,
    Dimension,
    Distinct,
    Funnel,
    Kind,
    Line,
    Retention,
    Unit,
)
from authsome.analytics.metrics.activities import AGENT, PRINCIPAL, RUNNING
from authsome.claim.events import IdentityClaimed, IdentityClaimOpened, IdentityClaimRejected
from authsome.connection.events import CredentialsUsed
from authsome.connection.model import UseOutcome
from authsome.identity.events import IdentityRegistered
from authsome.principal.events import PrincipalRegistered

REGISTERED_PRINCIPALS = Counted(
    name="registered_principals",
    title="Registered principals",
    question="How many people have registered, and how fast does the number grow?",
    definition="Principals, each once, on the day they registered. In all: everybody who has registered up "
    "to and including that day. Principals who were disabled since then stay counted.",
    healthy="Rises while a team takes it up, then flattens. It never falls, unless somebody is erased.",
    unit=Unit.PRINCIPALS,
    drawn=Kind.GROWTH,
    counted=Distinct("principal_id"),
    lines=(Line(key="new", title="New", event=PrincipalRegistered),),
)

_CLAIMED = Line(key="claimed", title="Claimed", event=IdentityClaimed)
_REJECTED = Line(key="rejected", title="Rejected", event=IdentityClaimRejected)

IDENTITIES = Counted(
    name="identities",
    title="Identities registered and claimed",
    question="Do the agents that register also get claimed?",
    definition="Identities, each once in a day, week or month for each of: its key was registered; a "
    "principal claimed it; a principal rejected it. The totals count an identity once in the whole time.",
    healthy="Claimed stays close to registered, within the hour; rejected stays near zero. A gap means that "
    "people do not finish, or that strangers try.",
    unit=Unit.IDENTITIES,
    drawn=Kind.COUNTS,
    counted=Distinct("identity_handle"),
    lines=(Line(key="registered", title="Registered", event=IdentityRegistered), _CLAIMED, _REJECTED),
)

IDENTITIES_DECIDED = Counted(
    name="identities_decided",
    title="Identities claimed and rejected",
    question="Which agents were taken on, and which were turned away?",
    definition="Identities, each once in a day, week or month for each of: a principal claimed it; a "
    "principal rejected it.",
    healthy="Claimed rises with what you automate. A rejection that you did not make is a reason to ask.",
    unit=Unit.IDENTITIES,
    drawn=Kind.COUNTS,
    counted=Distinct("identity_handle"),
    lines=(_CLAIMED, _REJECTED),
)

CLAIM_FUNNEL = Funnel(
    name="claim_funnel",
    title="From registered to first use",
    question="How far do new agents get, and how long do people take to claim them?",
    definition="Identities that first registered in the time shown; of these, whose claim page was opened, "
    "that were claimed, and that first used a credential with success, in this order and within 14 days of "
    "registering. Use is known by the hour. Who registered since then may still get on.",
    healthy="Each step keeps nine in ten, and half are claimed within minutes. A drop before claimed is "
    "about the link or the page; one before first use, about grants or the agent.",
    unit=Unit.IDENTITIES,
    counted="identity_handle",
    steps=(
        Line(key="registered", title="Registered", event=IdentityRegistered),
        Line(key="opened", title="Claim page opened", event=IdentityClaimOpened),
        _CLAIMED,
        Line(
            key="used",
            title="Used",
            event=CredentialsUsed,
            where=(Dimension.OUTCOME, UseOutcome.DELIVERED.value),
        ),
    ),
    within=timedelta(days=14),
    timed="claimed",
)

ACTIVE_PRINCIPALS = Active(
    name="active_principals",
    title="Active principals",
    question="How many people use it, themselves or through their agents?",
    definition="Principals who logged in, or one of whose agents was active, each once in a day, week or "
    "month. The headline is the mean of those shown that are over.",
    healthy="Follows the number of registered principals. Many registered and few active means that people "
    "tried it and left.",
    unit=Unit.PRINCIPALS,
    activity=PRINCIPAL,
)

ACTIVE_AGENTS = Active(
    name="active_agents",
    title="Active agents",
    question="How many agents do their work through the gateway?",
    definition="Identities that started a run, or whose requests carried a credential that the provider "
    "answered, each once in a day, week or month. The headline is the mean of those shown that are over.",
    healthy="Rises with identities claimed. A sudden fall is a gateway, a network or a provider that fails.",
    unit=Unit.IDENTITIES,
    activity=AGENT,
)

PRINCIPAL_RETENTION = Retention(
    name="principal_retention",
    title="Principals who come back",
    question="Of the people who registered in a week, how many are still active in the weeks after?",
    definition="Principals by the week, from Monday, in which they registered; in each week since, those "
    "who were active: they logged in, or one of their agents was active. The last week is not over.",
    healthy="Falls in the first weeks and then holds. A line that goes on falling means that it is tried "
    "and not kept.",
    unit=Unit.PRINCIPALS,
    began=PrincipalRegistered,
    activity=PRINCIPAL,
)

AGENT_RETENTION = Retention(
    name="agent_retention",
    title="Agents that keep running",
    question="Of the agents first claimed in a week, how many still run in the weeks after?",
    definition="Identities by the week, from Monday, in which they were first claimed; in each week since, "
    "those that started a run. The last week is not over.",
    healthy="High for agents on a schedule, low for those of one task; a sudden fall in one column is a "
    "week in which something broke.",
    unit=Unit.IDENTITIES,
    began=IdentityClaimed,
    activity=RUNNING,
)
