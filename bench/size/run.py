"""The figures of all sizes: what grows with the events and what does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.figure import Figure, Scale, number
from bench.size.measure import USUAL_DAYS, Sized, measure
from bench.size.registering import registering

SIZES, QUICK = (10_000, 1_000_000, 10_000_000), (10_000, 100_000)
AIM_MS = 150


def run(scale: Scale) -> list[Figure]:
    sizes = SIZES if scale == Scale.full() else QUICK
    measured = [measure(events) for events in sizes]
    return [
        *(figure for one in measured for figure in figures(one, measured[0])),
        *curve(measured),
        *registering(scale),
    ]


def figures(one: Sized, first: Sized) -> Iterator[Figure]:
    """What one size costs, beside the smallest."""
    at = f"{one.events:,} facts, {one.subjects:,} subjects: "
    yield from _grown(one, first, at)
    yield from _kept(one, at)
    yield from _answers(one, at)


def _grown(one: Sized, first: Sized, at: str) -> Iterator[Figure]:
    assert one.projected is not None
    assert first.projected is not None
    smallest = f"at {first.events:,} facts"
    yield Figure(
        what=f"{at}appended by the log's writer",
        value=one.appended,
        unit="/s",
        baseline=first.appended,
        against=smallest,
        note=f"made for this benchmark at {one.filled:,.0f} /s",
    )
    yield Figure(
        what=f"{at}folded into the numbers",
        value=one.projected.per_second,
        unit="/s",
        baseline=first.projected.per_second,
        against=smallest,
        note=f"{one.projected.worked / one.projected.facts * 1e6:.0f} us of processor each",
    )
    yield Figure(
        what=f"{at}memory of the process that folds",
        value=one.projected.peak_mb,
        unit="MB",
        baseline=first.projected.peak_mb,
        against=smallest,
        note=f"at its peak; the server's, with a rebuild, {one.server_peak_mb:.0f} MB",
    )


def _kept(one: Sized, at: str) -> Iterator[Figure]:
    assert one.projected is not None
    yield Figure(
        what=f"{at}rebuilt, while the server serves",
        value=one.rebuilt,
        unit="s",
        baseline=one.projected.seconds,
        against="folding alone",
    )
    yield Figure(
        what=f"{at}disk, the numbers",
        value=one.disk["rollups"],
        unit="MB",
        baseline=one.disk["log"],
        against="the log",
        note=f"the raw events in DuckDB {number(one.disk['duckdb'])} MB",
    )


def _answers(one: Sized, at: str) -> Iterator[Figure]:
    for name, (p50, p95) in one.pages.items():
        dashboard = name.split()[-1]
        raw = [asked.sqlite for asked in one.asked if asked.dashboard == dashboard]
        yield Figure(
            what=f"{at}{name}, {USUAL_DAYS} days, p95",
            value=p95,
            unit="ms",
            baseline=sum(raw),
            against=f"{len(raw)} of its questions, of the raw events in SQLite",
            aim=f"< {AIM_MS} ms",
            note=f"p50 {number(p50)} ms; the slowest tiles: {_slowest(one, dashboard)}",
        )
    for asked in one.asked:
        for engine, took in (("SQLite", asked.sqlite), ("DuckDB", asked.duckdb)):
            yield Figure(
                what=f"{at}{asked.what}",
                value=asked.rollups,
                unit="ms",
                baseline=took,
                against=f"raw events in {engine}",
            )


def _slowest(one: Sized, dashboard: str) -> str:
    of_dashboard = {
        key.partition("/")[2]: took for key, took in one.tiles.items() if key.startswith(f"{dashboard}/")
    }
    ranked = sorted(of_dashboard, key=lambda key: -of_dashboard[key])
    return ", ".join(f"{key} {number(of_dashboard[key])} ms" for key in ranked[:3])


def curve(measured: Sequence[Sized]) -> Iterator[Figure]:
    """The pages' time against the subjects in the range, at each size."""
    for one in measured:
        least = one.ranges[min(one.ranges)]
        for days, (subjects, took) in one.ranges.items():
            yield Figure(
                what=f"curve, all of these: {one.events:,} facts, {days} days, {subjects:,} subjects in them",
                value=took,
                unit="ms",
                baseline=least[1],
                against=f"{min(one.ranges)} days, {least[0]:,} subjects",
                note=f"{took / max(subjects, 1) * 1e3:.2f} us for each subject",
            )
