"""Answers of analytics with a year of steady growth, by arithmetic, so that they are the same each time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from authsome.analytics import answers as a

NOW = datetime(2026, 11, 22, 10, 15, 30, 123456, tzinfo=UTC)
TODAY = NOW.date()
PROVIDERS = {
    "github": "GitHub",
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "google": "Google",
    "slack": "Slack",
    "invoices": "Invoice archive",
    "stripe": "Stripe",
}


class Sample:
    """Numbers over the last `days` days; or of an installation in which nothing has happened yet."""

    def __init__(self, days: int = 30, bucket: str = "day", *, empty: bool = False) -> None:
        first = TODAY - timedelta(days=days - 1)
        self.empty, self.bucket = empty, bucket
        self.since = start_of(bucket, first)
        self.days = [self.since + timedelta(days=at) for at in range((TODAY - self.since).days + 1)]
        self.starts = sorted({start_of(bucket, day) for day in self.days})

    def line(self, key: str, title: str, scale: float, turn: int = 1) -> a.LineAnswer:
        values = tuple(self._sum(start, scale, turn) for start in self.starts)
        return a.LineAnswer(
            key=key, title=title, values=values, total=sum(values), before=int(sum(values) * 0.8)
        )

    def standing(self, key: str, title: str, scale: float, turn: int = 1, now: int = 640) -> a.LineAnswer:
        new = self.line(key, title, scale, turn).values
        values = tuple(0 if self.empty else now - sum(new[at + 1 :]) for at in range(len(new)))
        before = 0 if self.empty else now - sum(new)
        return a.LineAnswer(key=key, title=title, values=values, total=values[-1], before=before)

    def _sum(self, start: date, scale: float, turn: int) -> int:
        if self.empty:
            return 0
        return sum(wave(day, scale, turn) for day in self.days if start_of(self.bucket, day) == start)

    def dashboard(self, name: str, *tiles: a.TileAnswer, lag: int = 0, **filters: str) -> a.DashboardAnswer:
        return a.DashboardAnswer(
            name=name,
            title=f"Authsome: {name}",
            description="What it is about.",
            since=self.since,
            until=TODAY,
            bucket=self.bucket,
            buckets=tuple(self.starts),
            filters={"provider": "", "identity": ""} | filters,
            time_zone="UTC",
            as_of=NOW,
            position=48_211,
            lag=lag,
            tiles=tiles,
        )


def start_of(bucket: str, day: date) -> date:
    if bucket == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if bucket == "week" else day


def wave(when: date, scale: float, turn: int) -> int:
    """A number of things on a day: fewer at the weekend, more as time goes on, uneven."""
    day = when.toordinal()
    growth = 0.45 + (day - TODAY.toordinal() + 365) / 365
    uneven = ((day * 7919 * turn) % 101) / 50
    return int(scale * growth * uneven * (0.25 if when.weekday() > 4 else 1.0) + 0.35)


def headline(label: str, value: float | None, before: float | None, unit: str) -> a.HeadlineAnswer:
    return a.HeadlineAnswer(label=label, value=value, before=before, unit=unit)


def tile(
    key: str,
    kind: str,
    unit: str,
    *lines: a.LineAnswer,
    title: str = "",
    head: a.HeadlineAnswer | None = None,
    by: dict[str, tuple[a.RowAnswer, ...]] | None = None,
    ignores: tuple[str, ...] = (),
    **parts: object,
) -> a.TileAnswer:
    """A tile of that kind. Its headline is its first line's, unless there is another."""
    found = head
    if found is None and lines:
        found = headline(lines[0].title.lower(), lines[0].total, lines[0].before, unit)
    words = title or key.replace("_", " ").capitalize()
    return a.TileAnswer(
        key=key,
        kind=kind,
        title=words,
        question=f"What is there to know about {words.lower()}?",
        definition=f"How {words.lower()} are counted, to the letter.",
        healthy="It rises, slowly.",
        unit=unit,
        line_unit="auth sessions" if unit == "percent" else unit,
        headline=found or headline("right now", None, None, unit),
        lines=lines,
        by=by or {},
        ignores=ignores,
        **parts,  # type: ignore[arg-type]
    )


def rows(**counts: tuple[int, ...]) -> tuple[a.RowAnswer, ...]:
    """Rows of connections, and of principals where there is a second number."""
    keys = ("connections", "principals")
    return tuple(
        a.RowAnswer(name=name, counts=dict(zip(keys, numbers, strict=False)))
        for name, numbers in counts.items()
    )


def share(of: a.LineAnswer, *others: a.LineAnswer) -> a.RateAnswer:
    """The first line's share of all of them."""

    def one(part: float, *more: float) -> float | None:
        whole = part + sum(more)
        return part / whole if whole else None

    return a.RateAnswer(
        values=tuple(one(*found) for found in zip(of.values, *(line.values for line in others), strict=True)),
        total=one(of.total, *(line.total for line in others)),
        before=one(of.before, *(line.before + 3 for line in others)),
    )
