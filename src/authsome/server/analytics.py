"""Whether telemetry runs and where to: decided from the config, started and stopped in the lifespan.

Wiring only. Nothing is captured here or in any route: what happened is recorded by use cases, in the
transaction of the change, and the readers made here learn it from the event log.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from authsome.analytics.reconcile.posthog.connect import questions_to_posthog
from authsome.analytics.reconcile.work import Reconciler
from authsome.runtime.background import LogReader, run_background
from authsome.runtime.repeat import Repeat
from authsome.runtime.runtime import Runtime
from authsome.telemetry.forget.run import Forgetter
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.start import open_relays


@asynccontextmanager
async def run_analytics(runtime: Runtime) -> AsyncIterator[None]:
    """Read the log while the block runs: rollups unless the mode is `off`, relays as it asks."""
    rollups = Repeat("rollups", runtime.projector.catch_up, every=5.0, linger=0.25)
    readers: list[LogReader] = [rollups]
    key = PseudonymKey(runtime.installation_key)
    relays = await open_relays(
        runtime.store,
        runtime.config.telemetry_settings,
        runtime.telemetry,
        holder=runtime.server_id,
        entropy=runtime.entropy,
        key=key,
    )
    reconciler = _reconciler(runtime, key)
    reconcile = Repeat("reconcile", reconciler.step, every=1.0)
    forget = Repeat("erasures", _forgetter(runtime, key).step, every=1.0)
    async with run_background(runtime, [*readers, *relays], [reconcile, forget]):
        try:
            yield
        finally:
            reconciler.stop()


def _reconciler(runtime: Runtime, key: PseudonymKey) -> Reconciler:
    connect = partial(
        questions_to_posthog,
        runtime.store,
        runtime.config.telemetry_settings,
        runtime.telemetry,
        key=key,
    )
    return Reconciler(
        runtime.store,
        runtime.projector,
        time_zone=runtime.config.time_zone,
        holder=runtime.server_id,
        connect=connect,
    )


def _forgetter(runtime: Runtime, key: PseudonymKey) -> Forgetter:
    return Forgetter(
        runtime.store,
        runtime.config.telemetry_settings,
        runtime.telemetry,
        key=key,
        holder=runtime.server_id,
        entropy=runtime.entropy,
    )
