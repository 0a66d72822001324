"""The catalogue of events with the tiles that show them: what `authsome telemetry catalogue` prints.

Made from the classes of this version alone. It asks no server, so whoever thinks of opting in can read it
before anything runs.
"""

from __future__ import annotations

import inspect
from typing import Any

from authsome.analytics.dashboards import DASHBOARDS
from authsome.kit.event import Event
from authsome.telemetry import catalogue


def catalogued() -> list[dict[str, Any]]:
    """Every event: meaning, fields with type and privacy class, purpose, tiles, and the name before."""
    tiles = _tiles()
    return [_entry(event, tiles.get(name, [])) for name, event in catalogue.events().items()]


def _entry(event: type[Event], tiles: list[str]) -> dict[str, Any]:
    types = catalogue.field_types(event)
    return {
        "name": event.name,
        "meaning": inspect.cleandoc(event.__doc__ or ""),
        "version": event.version,
        "subject": event.subject.value,
        "keyed_by": event.keyed_by,
        "purpose": f"audit only: {event.audit_only}" if event.audit_only else "counting",
        "tiles": tiles,
        "old_name": catalogue.OLD_NAMES.get(event.name),
        "fields": {
            field: {"privacy": privacy.value, **types[field]} for field, privacy in event.privacy.items()
        },
    }


def _tiles() -> dict[str, list[str]]:
    """Which tiles show an event, as `dashboard/tile`."""
    shown: dict[str, list[str]] = {}
    for plan in DASHBOARDS:
        for tile in plan.tiles:
            for name in {event.name for metric in tile.metrics for event in metric.events}:
                shown.setdefault(name, []).append(f"{plan.name}/{tile.key}")
    return shown
