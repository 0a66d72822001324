"""The tiles of the adoption dashboard: daily numbers in, a question with its answer and chart out.

Each builder sums the days into bars, writes the sentence that says what the chart shows, and, where
there is nothing to draw, the sentence that says what to do about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from authsome.server.web.filters import count, percent
from authsome.server.web.pages.charts import (
    DAILY_UP_TO,
    Axes,
    Mark,
    RankChart,
    Series,
    TimeChart,
    Unit,
    buckets,
    lasts,
    sums,
)
from authsome.server.web.pages.frame import Empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a metric says of itself: its name, the question it answers, and exactly what is counted."""

    title: str
    question: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One question of the dashboard. Without a chart, `empty` stands in its place."""

    anchor: str
    words: Words
    summary: str
    chart: TimeChart | RankChart | None
    empty: Empty


def principals_over_time(
    words: Words, *, days: Sequence[date], new: Sequence[int], total: Sequence[int]
) -> Tile:
    """Registered principals: the running total above, the new ones of each day below."""
    cuts = buckets(len(days))
    chart = _over_time(
        days,
        Axes(title="Registered in all", share=3, series=(_line("In all", lasts(total, cuts), 1),)),
        Axes(title=_each("New", days), share=2, series=(_bar("New", sums(new, cuts), 2),)),
    )
    summary = f"{count(total[-1] if total else 0)} registered in all; {count(sum(new))} of them {_in(days)}."
    empty = Empty(
        text="No principal has registered yet. Open the set-up link that the server printed at its first "
        "start, then invite others from the principals page.",
        commands=("authsome up",),
    )
    return _tile("principals", words, summary, chart if any(total) else None, empty)


def identities_and_claims(
    words: Words,
    *,
    days: Sequence[date],
    registered: Sequence[int],
    claimed: Sequence[int],
    rejected: Sequence[int],
) -> Tile:
    """Identities: the newly registered above, what principals decided below."""
    cuts = buckets(len(days))
    chart = _over_time(
        days,
        Axes(title=_each("Registered", days), series=(_bar("Registered", sums(registered, cuts), 2),)),
        Axes(
            title=_each("Decided", days),
            series=(_bar("Claimed", sums(claimed, cuts), 1), _bar("Rejected", sums(rejected, cuts), 3)),
        ),
    )
    summary = (
        f"{count(sum(registered))} registered {_in(days)}; "
        f"{count(sum(claimed))} claimed, {count(sum(rejected))} rejected."
    )
    empty = Empty(
        text="No agent has registered in this time. On the machine where an agent works, make its key; "
        "then claim it with the code that the command prints.",
        commands=("authsome onboard",),
    )
    seen = any(registered) or any(claimed) or any(rejected)
    return _tile("identities", words, summary, chart if seen else None, empty)


def auth_session_success(
    words: Words,
    *,
    days: Sequence[date],
    completed: Sequence[int],
    failed: Sequence[int],
    expired: Sequence[int],
) -> Tile:
    """Auth sessions: the share that completed above, how many ended and how below."""
    cuts = buckets(len(days))
    good, bad, late = sums(completed, cuts), sums(failed, cuts), sums(expired, cuts)
    rates = tuple(_rate(g, g + b + x) for g, b, x in zip(good, bad, late, strict=True))
    chart = _over_time(
        days,
        Axes(
            title="Completed, of all that ended",
            unit=Unit.PERCENT,
            share=3,
            series=(_line("Rate", rates, 1),),
        ),
        Axes(
            title=_each("Ended", days),
            share=2,
            series=(_bar("Completed", good, 1), _bar("Failed", bad, 3), _bar("Expired", late, 4)),
        ),
    )
    ended = sum(good) + sum(bad) + sum(late)
    summary = f"{percent(_rate(sum(good), ended))} of {count(ended)} that ended {_in(days)} completed."
    empty = Empty(
        text="No auth session has ended in this time. Connect a provider, and the session is counted here.",
        commands=("authsome login openai",),
    )
    return _tile("auth-sessions", words, summary, chart if ended else None, empty)


def top_providers(words: Words, *, names: Sequence[str], connections: Sequence[int]) -> Tile:
    """Providers by the number of connections, the most connected first."""
    ranked = sorted(zip(names, connections, strict=True), key=lambda pair: (-pair[1], pair[0]))
    ranked = [pair for pair in ranked if pair[1] > 0]
    chart = RankChart(
        column="Connections",
        names=tuple(name for name, _ in ranked),
        values=tuple(number for _, number in ranked),
    )
    total = sum(chart.values)
    summary = "No connections."
    if ranked:
        first, most = ranked[0]
        summary = (
            f"{first} leads: {count(most)} of {count(total)} connections, {percent(_rate(most, total))}."
        )
    empty = Empty(
        text="Nothing is connected yet. See which providers there are, and connect one.",
        commands=("authsome providers", "authsome login openai"),
    )
    return _tile("providers", words, summary, chart if ranked else None, empty)


def _tile(anchor: str, words: Words, summary: str, chart: TimeChart | RankChart | None, empty: Empty) -> Tile:
    return Tile(anchor=anchor, words=words, summary=summary, chart=chart, empty=empty)


def _over_time(days: Sequence[date], *axes: Axes) -> TimeChart:
    starts = tuple(days[cut][0] for cut in buckets(len(days)))
    return TimeChart(starts=starts, weekly=len(days) > DAILY_UP_TO, axes=axes)


def _line(name: str, values: tuple[float | None, ...], ink: int) -> Series:
    return Series(name=name, values=values, mark=Mark.LINE, ink=ink)


def _bar(name: str, values: tuple[float | None, ...], ink: int) -> Series:
    return Series(name=name, values=values, mark=Mark.BAR, ink=ink)


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _in(days: Sequence[date]) -> str:
    return f"in the last {len(days)} days"


def _each(what: str, days: Sequence[date]) -> str:
    return f"{what} each week" if len(days) > DAILY_UP_TO else f"{what} each day"
