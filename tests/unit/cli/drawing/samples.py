"""Answers with a tile of every kind, made of the values that the server makes its answers of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from authsome.analytics.answers import (
    CohortAnswer,
    DashboardAnswer,
    HeadlineAnswer,
    LaneAnswer,
    LineAnswer,
    RateAnswer,
    RowAnswer,
    StepAnswer,
    TileAnswer,
    TimesAnswer,
)

END = date(2026, 11, 28)


def tile(key: str, kind: str, unit: str = "identities", **parts: Any) -> TileAnswer:
    head = parts.pop("headline", None) or headline(12, 9, unit)
    return TileAnswer(
        key=key,
        kind=kind,
        title=f"Title of {key}",
        question=f"What about {key}?",
        definition="",
        healthy="",
        unit=unit,
        line_unit=unit,
        headline=head,
        **parts,
    )


def headline(value: float | None, before: float | None, unit: str = "identities") -> HeadlineAnswer:
    return HeadlineAnswer(label="New", value=value, before=before, unit=unit)


def line(key: str, values: Sequence[int], before: float = 0, total: float | None = None) -> LineAnswer:
    return LineAnswer(
        key=key,
        title=key.capitalize(),
        values=tuple(values),
        total=sum(values) if total is None else total,
        before=before,
    )


def every_kind(scale: int = 1, buckets: int = 4) -> tuple[TileAnswer, ...]:
    """All ten kinds, with numbers as large as `scale` makes them."""
    return (*over_time(scale, buckets), *of_the_whole_time(scale))


def over_time(scale: int, buckets: int) -> tuple[TileAnswer, ...]:
    """The kinds that have lines."""
    up = [at * scale for at in range(buckets)]
    rates = tuple(None if at == 1 else at / buckets for at in range(buckets))
    return (
        tile("growth", "growth", lines=(line("new", up, before=scale), line("total", up, total=9 * scale))),
        tile("counts", "counts", lines=(line("claimed", up), line("rejected", [0] * buckets, before=2))),
        tile(
            "rate",
            "rate",
            unit="percent",
            headline=headline(0.25, 0.5, "percent"),
            lines=(line("completed", up), line("failed", up)),
            rate=RateAnswer(values=rates, total=0.25, before=0.5),
            by={
                "provider": (
                    RowAnswer(name="github", counts={"completed": 3 * scale, "failed": scale}, rate=0.75),
                    RowAnswer(name="", counts={"completed": 0, "failed": scale}, rate=0.0),
                )
            },
        ),
        tile(
            "ranking",
            "ranking",
            lines=(line("connections", up), line("principals", up)),
            by={
                "provider": tuple(
                    RowAnswer(name=f"p{at}", counts={"connections": (20 - at) * scale, "principals": at})
                    for at in range(11)
                )
            },
        ),
        tile("split", "split", lines=(line("openai", up), line("others", up))),
        tile("standing", "standing", lines=(line("open", up, total=7 * scale, before=8 * scale),)),
        tile("active", "active", lines=(line("agents", up, total=2.5 * scale, before=3),)),
    )


def of_the_whole_time(scale: int) -> tuple[TileAnswer, ...]:
    """The kinds that have parts of their own."""
    steps = (("registered", 4), ("opened", 3), ("claimed", 1))
    return (
        tile(
            "funnel",
            "funnel",
            headline=headline(0.25, None, "percent"),
            steps=tuple(
                StepAnswer(key=k, title=k.capitalize(), count=n * scale, share=n / 4) for k, n in steps
            ),
            times=TimesAnswer(
                title="Registered to claimed",
                median_seconds=754.0,
                within=(("5 minutes", scale), ("1 day", 3 * scale)),
            ),
        ),
        tile("retention", "retention", cohorts=cohorts(scale)),
        tile(
            "lanes",
            "lanes",
            unit="facts",
            lanes=(
                LaneAnswer(name="posthog", works=True, lag=3 * scale, dead_letters=1, paused="402"),
                LaneAnswer(name="file", works=False, lag=0, dead_letters=0, paused=None),
            ),
            ignores=("provider",),
        ),
    )


def cohorts(scale: int) -> tuple[CohortAnswer, ...]:
    starts = [END - timedelta(days=5 + 7 * back) for back in (2, 1, 0)]
    sizes = (10 * scale, 4 * scale, 0)
    return tuple(
        CohortAnswer(start=start, size=size, retained=(size, size // 2, size // 4)[: 3 - at])
        for at, (start, size) in enumerate(zip(starts, sizes, strict=True))
    )


def answer(tiles: Sequence[TileAnswer], *, buckets: int = 4, title: str = "Adoption") -> dict[str, Any]:
    """What the API says of it."""
    starts = tuple(END - timedelta(days=buckets - 1 - at) for at in range(buckets))
    return DashboardAnswer(
        name="adoption",
        title=title,
        description="",
        since=starts[0] if starts else END,
        until=END,
        bucket="day",
        buckets=starts,
        filters={"provider": "github", "identity": ""},
        time_zone="Europe/Berlin",
        as_of=datetime(2026, 11, 28, 9, 30, tzinfo=UTC),
        position=77,
        lag=0,
        tiles=tuple(tiles),
    ).to_json()
