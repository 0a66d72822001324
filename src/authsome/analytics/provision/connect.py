"""From an operator's settings to the project that they name, or the reason why it is not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from authsome.analytics.provision.errors import PostHogForbidden, PostHogNotConfigured
from authsome.analytics.provision.project import Project
from authsome.kit.clock import Clock
from authsome.telemetry.mode import TelemetrySettings, decide_mode
from authsome.telemetry.sinks.posthog.private.access import Access, Unavailable, find_access_of_operator


def hold_access(settings: TelemetrySettings) -> Access:
    """Raises `PostHogForbidden` or `PostHogNotConfigured`, before any connection."""
    found = find_access_of_operator(settings, decide_mode(settings))
    if isinstance(found, Unavailable):
        raise (PostHogForbidden if found.forbidden else PostHogNotConfigured)(found.because)
    return found


@asynccontextmanager
async def open_project(
    access: Access, clock: Clock, *, wait: Callable[[float], Awaitable[None]], tell: Callable[[str], None]
) -> AsyncIterator[Project]:
    """The project, as long as the block runs."""
    from authsome.telemetry.sinks.posthog.private.call import PrivateApi  # its HTTP library loads slowly

    api = PrivateApi(access, clock=clock)
    try:
        yield Project(api, wait=wait, tell=tell)
    finally:
        await api.close()
