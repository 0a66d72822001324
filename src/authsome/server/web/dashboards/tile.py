"""One tile: what every kind has, and the builder of the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from authsome.analytics.answers import TileAnswer
from authsome.server.web.dashboards import over_time
from authsome.server.web.dashboards.choices import Choices
from authsome.server.web.dashboards.cohorts import retention
from authsome.server.web.dashboards.lanes import lanes
from authsome.server.web.dashboards.nothing import nothing
from authsome.server.web.dashboards.parts import Parts
from authsome.server.web.dashboards.scene import Scene
from authsome.server.web.dashboards.side_by_side import funnel, ranking
from authsome.server.web.dashboards.words import headline
from authsome.server.web.filters import count
from authsome.server.web.pages.tiles import Download, Tile, Words

BUILDERS: Mapping[str, Callable[[TileAnswer, Scene], Parts]] = {
    "growth": over_time.growth,
    "counts": over_time.counts,
    "rate": over_time.rate,
    "split": over_time.split,
    "standing": over_time.standing,
    "active": over_time.active,
    "ranking": ranking,
    "funnel": funnel,
    "retention": retention,
    "lanes": lanes,
}


def compared_with(kind: str, scene: Scene) -> str:
    """What the headline of a tile of this kind is compared with."""
    if kind in ("growth", "standing"):  # what there is at an end, not what came in a time
        return scene.end_before
    if kind == "active":
        return f"in the {count(len(scene.buckets))} {scene.bucket}s before"
    return {"retention": "in the older half of these weeks", "lanes": ""}.get(kind, scene.before)


def build(answer: TileAnswer, scene: Scene) -> Parts:
    """What depends on the kind. Raises `KeyError` for a kind that nothing here draws."""
    return BUILDERS[answer.kind](answer, scene)


def tile_of(answer: TileAnswer, scene: Scene, choices: Choices) -> Tile:
    """The tile as the page shows it."""
    parts = build(answer, scene)
    return Tile(
        anchor=answer.key.replace("_", "-"),
        words=Words(
            title=answer.title,
            question=answer.question,
            definition=answer.definition,
            healthy=answer.healthy,
        ),
        period=parts.period or scene.period,
        headline=headline(answer.headline, compared_with(answer.kind, scene)),
        summary=parts.summary,
        chart=parts.chart if parts.has_any else None,
        tables=parts.tables,
        empty=None if parts.has_any else nothing(answer, scene),
        notes=(
            *(f"Not narrowed by {name}: this number has none. It is of all." for name in answer.ignores),
            *parts.notes,
        ),
        downloads=_downloads(answer, parts, choices),
    )


def _downloads(answer: TileAnswer, parts: Parts, choices: Choices) -> tuple[Download, ...]:
    rest = parts.tables[1:]
    files = [Download(name="CSV", href=choices.file(answer.key, "csv"))]
    files += [
        Download(
            name=f"CSV {table.title[:1].lower()}{table.title[1:]}",
            href=choices.file(answer.key, "csv", table.key),
        )
        for table in rest
    ]
    return (*files, Download(name="JSON", href=choices.file(answer.key, "json")))
