"""From settings to a relay: the one call that a server makes at start."""

from __future__ import annotations

import logging

from authsome.kit.clock import Clock
from authsome.kit.ids import Entropy
from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from authsome.telemetry.consent import cursor_name, settle_consent
from authsome.telemetry.mode import Capture, Mode, ModeDecision, TelemetrySettings
from authsome.telemetry.relay import Pace, Relay
from authsome.telemetry.sink import Sink
from authsome.telemetry.sinks.log import LogSink
from authsome.telemetry.sinks.posthog import NAME

LOGGER = logging.getLogger("authsome.telemetry")


async def open_relay(
    store: Store,
    settings: TelemetrySettings,
    decision: ModeDecision,
    *,
    holder: str,
    entropy: Entropy,
    pace: Pace | None = None,
) -> Relay | None:
    """Settle consent and make the relay that the mode asks for; None where nothing is to be sent.

    The caller runs it, wakes it after commits and stops it. With None no socket is opened and no lease taken.
    """
    for warning in decision.warnings:
        LOGGER.warning(warning)
    await settle_consent(store, sink=NAME, allowed=decision.sends)
    sink = await _sink(store, settings, decision)
    if sink is None:
        LOGGER.info("telemetry is %s: %s", decision.mode, decision.because)
        return None
    LOGGER.info("telemetry is %s, to %s: %s", decision.mode, sink.destination, decision.because)
    return Relay(store, sink, holder=holder, entropy=entropy, pace=pace)


async def _sink(store: Store, settings: TelemetrySettings, decision: ModeDecision) -> Sink | None:
    if decision.mode is Mode.LOG:
        await _start_at_head(store, LogSink.name)
        return LogSink()
    if decision.mode is Mode.ON and settings.posthog_api_key is not None:
        return _posthog(decision, settings.posthog_api_key, store.clock)
    return None


def _posthog(decision: ModeDecision, key: Secret, clock: Clock) -> Sink:
    """Imported here: an HTTP library is a tenth of a server's start, and most servers send nothing."""
    if decision.capture is Capture.V1:
        from authsome.telemetry.sinks.posthog.send_v1 import PostHogV1Sink

        return PostHogV1Sink(host=decision.host, key=key, clock=clock)
    from authsome.telemetry.sinks.posthog.send import PostHogSink

    return PostHogSink(host=decision.host, key=key, clock=clock)


async def _start_at_head(store: Store, sink: str) -> None:
    """The log shows what happens from now on; its cursor pins nothing."""
    head = await store.read(lambda view: view.event_log.head())
    await store.keep(lambda books: books.cursors.open(cursor_name(sink)))
    await store.keep(lambda books: books.cursors.set(cursor_name(sink), position=head, enabled=False))
