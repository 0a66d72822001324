"""From settings to relays: the one call that a server makes at start."""

from __future__ import annotations

import logging

from authsome.kit.clock import Clock
from authsome.kit.ids import Entropy
from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from authsome.telemetry.consent import cursor_name, settle_consent
from authsome.telemetry.mode import Capture, Mode, ModeDecision, TelemetrySettings
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.naming.terms import PLAIN, terms_of
from authsome.telemetry.relay import Pace, Relay
from authsome.telemetry.sink import Sink
from authsome.telemetry.sinks import FILE
from authsome.telemetry.sinks.file import FileSink
from authsome.telemetry.sinks.log import LogSink
from authsome.telemetry.sinks.posthog import NAME

LOGGER = logging.getLogger("authsome.telemetry")


async def open_relays(
    store: Store,
    settings: TelemetrySettings,
    decision: ModeDecision,
    *,
    holder: str,
    entropy: Entropy,
    pace: Pace | None = None,
    key: PseudonymKey | None = None,
) -> list[Relay]:
    """Settle consent and make the relays that the mode asks for; none where nothing is to be sent.

    The caller runs them, wakes them after commits and stops them. Without a relay to PostHog no socket is
    opened and no lease taken for it.
    """
    for warning in decision.warnings:
        LOGGER.warning(warning)
    terms = terms_of(decision, key)
    await settle_consent(store, sink=NAME, allowed=decision.sends, terms=terms)
    sinks = [await _sink(store, settings, decision), await _file(store, settings, decision)]
    if sinks[0] is None:
        LOGGER.info("telemetry is %s: %s", decision.mode, decision.because)
    else:
        LOGGER.info("telemetry is %s, to %s: %s", decision.mode, sinks[0].destination, decision.because)
    return [
        Relay(
            store,
            sink,
            holder=holder,
            entropy=entropy,
            pace=pace,
            key=key,
            terms=PLAIN if sink.name == FILE else terms,
        )
        for sink in sinks
        if sink is not None
    ]


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


async def _file(store: Store, settings: TelemetrySettings, decision: ModeDecision) -> Sink | None:
    """The file, if one is named. It gets the whole log; without it its cursor holds nothing back."""
    wanted = settings.file if decision.mode is not Mode.OFF else None
    reader = cursor_name(FILE)
    if wanted is not None:
        await store.keep(lambda books: books.cursors.open(reader))
        LOGGER.info("facts are also written to %s", wanted)
    await store.keep(lambda books: books.cursors.set(reader, enabled=wanted is not None))
    return FileSink(wanted) if wanted is not None else None


async def _start_at_head(store: Store, sink: str) -> None:
    """The log shows what happens from now on; its cursor pins nothing."""
    head = await store.read(lambda view: view.event_log.head())
    await store.keep(lambda books: books.cursors.open(cursor_name(sink)))
    await store.keep(lambda books: books.cursors.set(cursor_name(sink), position=head, enabled=False))
