"""The tile about delivery: how far each sink is with the log, right now."""

from __future__ import annotations

from authsome.analytics.answers import LaneAnswer, TileAnswer
from authsome.server.web.dashboards.parts import Parts
from authsome.server.web.dashboards.scene import Scene
from authsome.server.web.dashboards.words import amount, listed, sentence
from authsome.server.web.pages.charts import Column, Table

NOW = "right now"


def lanes(tile: TileAnswer, scene: Scene) -> Parts:
    """A table: there is no history of this."""
    return Parts(
        summary=sentence(_summary(tile.lanes, tile.unit)),
        chart=None,
        tables=(
            Table(
                key="sinks",
                title="By sink",
                first="Sink",
                is_open=True,
                columns=(
                    Column(name="State"),
                    Column(name="Waiting", unit=tile.unit),
                    Column(name="Set aside", unit=tile.unit),
                    Column(name="Dropped", unit="uses"),
                ),
                rows=tuple(
                    (lane.name, (_state(lane), lane.lag, lane.dead_letters, lane.dropped))
                    for lane in tile.lanes
                ),
            ),
        ),
        has_any=bool(tile.lanes),
        period=NOW,
    )


def _state(lane: LaneAnswer) -> str:
    if lane.paused:
        return f"paused: {lane.paused}"
    return "works" if lane.works else "off"


def _summary(lanes: tuple[LaneAnswer, ...], unit: str) -> str:
    """What is not where it should be, by name; and which sinks are off."""
    late = [
        _told(lane, unit) for lane in lanes if lane.lag or lane.dead_letters or lane.dropped or lane.paused
    ]
    off = [lane.name for lane in lanes if not lane.works]
    parts = ["; ".join(late) if late else "nothing waits, is set aside or was dropped"]
    if off:
        parts.append(f"off: {listed(off)}")
    return "; ".join(parts)


def _told(lane: LaneAnswer, unit: str) -> str:
    numbers = {"waiting": lane.lag, "set aside": lane.dead_letters}
    told = [f"{amount(number, unit)} {what}" for what, number in numbers.items() if number]
    told += [f"{amount(lane.dropped, 'uses')} dropped"] if lane.dropped else []
    return f"{lane.name} ({_state(lane)}): {listed(told) or 'nothing waiting'}"
