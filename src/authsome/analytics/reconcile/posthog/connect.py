"""From settings to somebody who can be asked, or the reason why nobody can."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from authsome.analytics.reconcile.compare import NoQuestions
from authsome.analytics.reconcile.posthog.ask import Questions
from authsome.analytics.reconcile.posthog.hogql import fields
from authsome.store.transactions import Store
from authsome.telemetry.mode import ModeDecision, TelemetrySettings
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.portion import Origin
from authsome.telemetry.sinks.posthog.private.access import Unavailable, find_access


@asynccontextmanager
async def questions_to_posthog(
    store: Store, settings: TelemetrySettings, decision: ModeDecision, *, key: PseudonymKey | None
) -> AsyncIterator[Questions | NoQuestions]:
    """Open while the block runs. Where nothing may leave, nothing is asked either."""
    access = find_access(settings, decision)
    if isinstance(access, Unavailable):
        yield NoQuestions(access.because)
        return
    from authsome.telemetry.sinks.posthog.private.call import PrivateApi  # its HTTP library loads slowly

    origin = Origin(installation_id=store.installation_id, key=key)
    api = PrivateApi(access, clock=store.clock)
    try:
        yield Questions(api, origin=origin, fields=fields())
    finally:
        await api.close()
