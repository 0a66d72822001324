"""The tile about delivery: how far each sink is with the log, right now."""

from __future__ import annotations

from authsome.analytics.answers import LaneAnswer, TileAnswer
from authsome.server.web.dashboards.parts import Parts
from authsome.server.web.dashboards.scene import Scene
from authsome.server.web.dashboards.words import amount, listed, sentence
from authsome.server.web.filters import count
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
                    Column(name="Still to send", unit=tile.unit),
                    Column(name="Set aside", unit=tile.unit),
                ),
                rows=tuple((lane.name, (_state(lane), lane.lag, lane.dead_letters)) for lane in tile.lanes),
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
    late = [_told(lane, unit) for lane in lanes if lane.lag or lane.dead_letters or lane.paused]
    off = [lane.name for lane in lanes if not lane.works]
    parts = ["; ".join(late) if late else "nothing waits, is set aside or was dropped"]
    if off:
        parts.append(f"off: {listed(off)}")
    return "; ".join(parts)


def _told(lane: LaneAnswer, unit: str) -> str:
    numbers = [f"{amount(lane.lag, unit)} still to send", f"{count(lane.dead_letters)} set aside"]
    return f"{lane.name} ({_state(lane)}): {listed(numbers)}"
