"""What a difference from PostHog is called, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from authsome.analytics.reconcile.difference import Difference, Kind, Layer
from authsome.analytics.reconcile.posthog.ask import Pair
from authsome.analytics.reconcile.posthog.hogql import Version
from authsome.telemetry.sink import Outgoing


@dataclass(frozen=True, slots=True)
class Stray:
    """A version that is not where its uuid belongs."""

    uuid: str
    pair: Pair
    version: Version


def lost(fact: Outgoing) -> Difference:
    """The relay came past it, and PostHog does not have it."""
    return about(fact, Kind.LOST, "the relay sent it, and PostHog does not have it")


def about(fact: Outgoing, kind: Kind, detail: str) -> Difference:
    """A difference of a fact in its own place."""
    return Difference(
        layer=Layer.POSTHOG,
        kind=kind,
        event=fact.name,
        day=fact.occurred_at.date(),
        about=fact.event_id,
        detail=detail,
    )


def phantom(stray: Stray) -> Difference:
    """PostHog has what it must not have."""
    return Difference(
        layer=Layer.POSTHOG,
        kind=Kind.PHANTOM,
        event=stray.pair[1],
        day=date.fromisoformat(stray.pair[0]),
        about=stray.uuid,
        detail="the log has no such fact, or none that may leave",
    )


def misplaced(stray: Stray, fact: Outgoing, kind: Kind) -> Difference:
    """A fact of the log, in a place that is not its own."""
    what = "time" if stray.pair[1] == fact.name else f"name, {stray.pair[1]}"
    return Difference(
        layer=Layer.POSTHOG,
        kind=kind,
        event=fact.name,
        day=fact.occurred_at.date(),
        about=fact.event_id,
        detail=f"PostHog has it under another {what}: {stray.version.at}",
    )


def what_differs(right: Version, there: Version) -> str:
    """In what PostHog's version is not the right one."""
    if there.at != right.at:
        return f"PostHog has it at {there.at} and not at {right.at}"
    if there.distinct_id != right.distinct_id:
        return "PostHog has it of another person"
    return "PostHog has it with other properties"
