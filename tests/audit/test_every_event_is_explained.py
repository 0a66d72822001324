"""Each event of the product is shown by a tile or says why not, and each tile shows events that exist."""

from __future__ import annotations

from authsome.analytics.metrics import METRICS
from authsome.telemetry.catalogue import events

SHOWN = {event.name for metric in METRICS for event in metric.events}


def test_an_event_has_a_tile_or_a_reason_and_not_both() -> None:
    unexplained = {name for name, event in events().items() if name not in SHOWN and not event.audit_only}
    assert unexplained == set()
    contradicted = {name for name, event in events().items() if name in SHOWN and event.audit_only}
    assert contradicted == set()


def test_a_tile_shows_events_of_the_product() -> None:
    assert events().keys() >= SHOWN


def test_an_event_says_how_a_healthy_number_moves_where_a_tile_shows_it() -> None:
    assert [name for name in SHOWN if "Healthy:" not in (events()[name].__doc__ or "")] == []
