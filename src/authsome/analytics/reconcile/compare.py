"""Compare all three layers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from authsome.analytics.reconcile.difference import Layer, Report, Section
from authsome.analytics.reconcile.posthog.ask import Questions
from authsome.analytics.reconcile.posthog.compare import compare_posthog
from authsome.analytics.reconcile.registry import Tick, compare_registry
from authsome.analytics.reconcile.rollup import compare_rollups
from authsome.store.transactions import Store


@dataclass(frozen=True, slots=True)
class NoQuestions:
    """PostHog cannot be asked, and why."""

    because: str


async def compare(
    store: Store,
    asked: Questions | NoQuestions,
    *,
    since: datetime | None,
    time_zone: str,
    tick: Tick,
) -> Report:
    """What differs, from `since` on. Changes nothing."""
    begun_at = store.clock.now()
    upto = await store.read(lambda view: view.event_log.head())
    registry = await compare_registry(store, since=since, time_zone=time_zone, tick=tick)
    rollups = await compare_rollups(store, since=since, tick=tick)
    if isinstance(asked, NoQuestions):
        posthog = Section(Layer.POSTHOG, skipped=asked.because)
    else:
        posthog = (await compare_posthog(store, asked, since=since, tick=tick)).section
    return Report(
        since=since,
        begun_at=begun_at,
        ended_at=store.clock.now(),
        upto=upto,
        sections={section.layer: section for section in (registry, rollups, posthog)},
    )
