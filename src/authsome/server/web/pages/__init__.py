"""Every page as a value: fill it in, and `html(frame)` is its text.

Fields are plain values that were looked up and authorised already; a page asks nobody and decides nothing.
"""

from __future__ import annotations

from authsome.server.web.pages.confirm import (
    ClaimCodePage,
    ClaimPage,
    ClaimResultPage,
    ConnectionChoice,
    Decision,
    KeyEntryPage,
    KeyEntryResultPage,
    SignInConfirmPage,
    SignInResultPage,
)
from authsome.server.web.pages.entry import (
    InvitationPage,
    LogInPage,
    PasswordResetPage,
    ProblemPage,
    SetUpPage,
)
from authsome.server.web.pages.frame import Area, Badge, Empty, Form, Frame, Notice, Page, Tone, Visitor
from authsome.server.web.pages.measures import RANGES, AnalyticsPage, DeadLetters, TelemetryPage
from authsome.server.web.pages.registry import (
    AgentPage,
    AgentRow,
    AgentsPage,
    ConnectionRow,
    ConnectionsPage,
    Figure,
    Grant,
    Happening,
    OneTimeLink,
    OverviewPage,
    PrincipalRow,
    PrincipalsPage,
    ProviderRow,
    ProvidersPage,
    Steps,
)
from authsome.server.web.pages.tiles import (
    Tile,
    Words,
    auth_session_success,
    identities_and_claims,
    principals_over_time,
    top_providers,
)

__all__ = [
    "RANGES",
    "AgentPage",
    "AgentRow",
    "AgentsPage",
    "AnalyticsPage",
    "Area",
    "Badge",
    "ClaimCodePage",
    "ClaimPage",
    "ClaimResultPage",
    "ConnectionChoice",
    "ConnectionRow",
    "ConnectionsPage",
    "DeadLetters",
    "Decision",
    "Empty",
    "Figure",
    "Form",
    "Frame",
    "Grant",
    "Happening",
    "InvitationPage",
    "KeyEntryPage",
    "KeyEntryResultPage",
    "LogInPage",
    "Notice",
    "OneTimeLink",
    "OverviewPage",
    "Page",
    "PasswordResetPage",
    "PrincipalRow",
    "PrincipalsPage",
    "ProblemPage",
    "ProviderRow",
    "ProvidersPage",
    "SetUpPage",
    "SignInConfirmPage",
    "SignInResultPage",
    "Steps",
    "TelemetryPage",
    "Tile",
    "Tone",
    "Visitor",
    "Words",
    "auth_session_success",
    "identities_and_claims",
    "principals_over_time",
    "top_providers",
]
