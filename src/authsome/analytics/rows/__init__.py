"""Which row of the registry each fact is about, and how the fact is written again from its row.

A fact that is `keyed_by` a row happens once in that row's life, at an instant that the row keeps. So the row
says whether the fact must be in the log, and a fact that is missing can be made anew: the same uuid, the
same instant, the same fields. A `Trace` is that, for one event; each noun has a module with its own.

Invariants: a test holds that every keyed event has a trace or a reason in `UNTRACED`; another, that what is
restored is what was recorded. What a row does not say is not made up: such a fact is missing for good.

To add one: when an event is given `keyed_by`, write its `Trace` in the noun's module.
"""

from __future__ import annotations

from collections.abc import Mapping

from authsome.analytics.rows import (
    access_requests,
    auth_sessions,
    claims,
    connections,
    grants,
    identities,
    principals,
    runs,
)
from authsome.analytics.rows.trace import Past, Restored, Trace

TRACES: tuple[Trace, ...] = (
    *principals.TRACES,
    *identities.TRACES,
    *claims.TRACES,
    *connections.TRACES,
    *grants.TRACES,
    *access_requests.TRACES,
    *auth_sessions.TRACES,
    *runs.TRACES,
)
UNTRACED: Mapping[str, str] = {
    "credentials_used": "made of counts, which are forgotten a day after they have left",
    "requests_served": "the same",
    "principal_erased": "an erasure and its row are one act: made anew, it would forget nobody",
    "identity_erased": "the same",
    "provider_registered": "its row says what its definition is now, and goes when it is removed",
    "provider_deleted": "the row is gone",
}

__all__ = ["TRACES", "UNTRACED", "Past", "Restored", "Trace"]
