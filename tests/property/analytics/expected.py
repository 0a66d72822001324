"""What each tile should say, by the oracle: written by hand for each metric, by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from authsome.analytics.answers import TileAnswer
from authsome.analytics.asked import Span
from tests.property.analytics.oracle import (
    Oracle,
    Rule,
    days_between,
    is_agent_active,
    is_one,
    is_principal_active,
    is_running,
    share,
)

Days = Sequence[date]
Count = Callable[[Days], int]
Numbers = dict[str, tuple[tuple[int, ...], float, float]]  # by line: per bucket, over all, before


def buckets(span: Span) -> list[Days]:
    """The days of each bucket, one by one."""
    found: dict[Any, list[date]] = {}
    for day in days_between(span.first, span.last):
        key = {
            "day": day,
            "week": day.isocalendar()[:2],
            "month": (day.year, day.month),
        }[span.bucket.value]
        found.setdefault(key, []).append(day)
    return list(found.values())


def before(span: Span) -> Days:
    length = (span.last - span.first).days + 1
    return days_between(span.first - timedelta(days=length), span.first - timedelta(days=1))


def counts(span: Span, **lines: Count) -> Numbers:
    days = days_between(span.first, span.last)
    return {
        key: (tuple(count(bucket) for bucket in buckets(span)), count(days), count(before(span)))
        for key, count in lines.items()
    }


def standing(span: Span, **lines: Callable[[date], int]) -> Numbers:
    return {
        key: (
            tuple(at_end(bucket[-1]) for bucket in buckets(span)),
            at_end(span.last),
            at_end(span.first - timedelta(days=1)),
        )
        for key, at_end in lines.items()
    }


def lines_of(tile: TileAnswer) -> Numbers:
    return {line.key: (line.values, line.total, line.before) for line in tile.lines}


def principals(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    new = counts(span, new=lambda days: oracle.count("principal_registered", "principal_id", days))
    total = standing(span, total=lambda day: oracle.in_all("principal_registered", "principal_id", day))
    assert lines_of(tile) == new | total
    assert (tile.headline.value, tile.headline.before) == total["total"][1:]


def identities(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    def of(event: str) -> Count:
        return lambda days: oracle.count(event, "identity_handle", days)

    events = {
        "registered": of("identity_registered"),
        "claimed": of("identity_claimed"),
        "rejected": of("identity_claim_rejected"),
    }
    assert lines_of(tile) == counts(span, **{line.key: events[line.key] for line in tile.lines})


def auth_sessions(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    def of(how: str) -> Count:
        return lambda days: oracle.count(f"auth_session_{how}", "auth_session_id", days)

    ends = ("completed", "failed", "expired", "cancelled")
    assert lines_of(tile) == counts(span, **{how: of(how) for how in ends})
    days = days_between(span.first, span.last)
    assert tile.rate is not None
    assert tile.rate.values == tuple(oracle.rate(bucket) for bucket in buckets(span))
    assert (tile.rate.total, tile.rate.before) == (oracle.rate(days), oracle.rate(before(span)))
    for dimension in ("flow", "provider"):
        for row in tile.by[dimension]:
            assert row.rate == oracle.rate(days, **{dimension: row.name})
    for row in tile.by["reason"]:
        failed = oracle.count("auth_session_failed", "auth_session_id", days, reason=row.name)
        assert row.counts["failed"] == failed


def providers(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    rows = tile.by["provider"]
    ranked = [(row.name, row.counts["connections"], row.counts["principals"]) for row in rows]
    assert ranked == oracle.providers(days_between(span.first, span.last))


def claim_funnel(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    steps, seconds = oracle.funnel(days_between(span.first, span.last))
    assert [step.count for step in tile.steps] == steps
    assert [step.share for step in tile.steps] == [share(count, steps[0]) for count in steps]
    assert tile.times is not None
    assert tile.times.median_seconds == (median(seconds) if seconds else None)
    limits = (300, 3600, 86400, 14 * 86400)
    assert [n for _, n in tile.times.within] == [sum(s <= limit for s in seconds) for limit in limits]
    earlier, _ = oracle.funnel(before(span))
    assert tile.headline.value == share(steps[-1], steps[0])
    assert tile.headline.before == share(earlier[-1], earlier[0])


def active(field: str, rule: Rule) -> Callable[[TileAnswer, Oracle, Span], None]:
    def check(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
        values = [oracle.active(field, bucket, rule) for bucket in buckets(span)]
        earlier = [oracle.active(field, bucket, rule) for bucket in buckets(span.buckets_before)]
        assert len(earlier) == len(values)
        over = values if span.is_over or len(values) == 1 else values[:-1]
        mean, mean_before = sum(over) / len(over), sum(earlier) / len(earlier)
        assert lines_of(tile) == {"active": (tuple(values), mean, mean_before)}

    return check


def retention(field: str, began: str, rule: Rule) -> Callable[[TileAnswer, Oracle, Span], None]:
    def check(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
        monday = span.last - timedelta(days=span.last.weekday())
        weeks = [
            days_between(start, start + timedelta(days=6))
            for start in (monday - timedelta(weeks=back) for back in range(7, -1, -1))
        ]
        for number, (week, cohort) in enumerate(zip(weeks, tile.cohorts, strict=True)):
            who = oracle.cohort(field, began, week)
            retained = [oracle.retained(who, field, later, rule) for later in weeks[number:]]
            assert (cohort.start, cohort.size, list(cohort.retained)) == (week[0], len(who), retained)

    return check


def open_by_provider(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    assert lines_of(tile) == standing(span, open=oracle.open_connections)
    rows = {row.name: row.counts["open"] for row in tile.by["provider"]}
    rule: Rule = lambda fact: fact.event.startswith("connection_")  # noqa: E731
    for name in oracle.values("provider", rule):
        assert rows.pop(name, 0) == oracle.open_connections(span.last, provider=name)
    assert not rows


def by_state(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    def of(event: str) -> Callable[[date], int]:
        return lambda day: oracle.in_all(event, "connection_id", day)

    states = {
        "needs_reconnection": oracle.broken_connections,
        "logged_out": of("connection_logged_out"),
        "revoked": of("connection_revoked"),
    }
    assert lines_of(tile) == standing(span, open=oracle.open_connections, **states)


def split(event: str, dimension: str) -> Callable[[TileAnswer, Oracle, Span], None]:
    """One line for each value with something in the time shown, the others together."""

    def check(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
        def of(name: str) -> Count:
            wanted = is_one(event, **{dimension: name})
            return lambda days: len({fact.uuid for fact in oracle.facts(days, wanted)})

        names = oracle.values(dimension, is_one(event))
        right = counts(span, **{name: of(name) for name in names})
        said = lines_of(tile)
        others = said.pop("others", None)
        for name, numbers in said.items():
            assert numbers == right.pop(name)
        rest = [numbers for numbers in right.values() if numbers[1] or numbers[2]]
        assert bool(rest) == bool(others)
        if others:
            assert others[1:] == (sum(n[1] for n in rest), sum(n[2] for n in rest))
            assert others[0] == tuple(map(sum, zip(*(n[0] for n in rest), strict=True)))

    return check


def credential_use(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    def of(number: int) -> Count:
        return lambda days: oracle.use(days)[number]

    outcomes = ("delivered", "credential_rejected", "refused", "upstream_failed")
    assert lines_of(tile) == counts(span, **{outcome: of(n) for n, outcome in enumerate(outcomes)})
    assert tile.rate is not None
    uses = [oracle.use(bucket) for bucket in buckets(span)]
    assert tile.rate.values == tuple(share(use[0], sum(use)) for use in uses)
    for row in tile.by["provider"]:
        use = oracle.use(days_between(span.first, span.last), provider=row.name)
        assert (list(row.counts.values()), row.rate) == (use, share(use[0], sum(use)))


def facts_of(oracle: Oracle, event: str, **only: str) -> Count:
    return lambda days: len({fact.uuid for fact in oracle.facts(days, is_one(event, **only))})


def refreshes(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    went, failed = (facts_of(oracle, f"connection_{how}") for how in ("refreshed", "refresh_failed"))
    assert lines_of(tile) == counts(span, refreshed=went, failed=failed)
    days = days_between(span.first, span.last)
    assert tile.rate is not None
    assert tile.rate.total == share(went(days), went(days) + failed(days))
    for row in tile.by["provider"]:
        both = [
            facts_of(oracle, f"connection_{how}", provider=row.name)(days)
            for how in ("refreshed", "refresh_failed")
        ]
        assert (list(row.counts.values()), row.rate) == (both, share(both[0], sum(both)))
    for row in tile.by["reason"]:
        assert row.counts["failed"] == facts_of(oracle, "connection_refresh_failed", reason=row.name)(days)


def reconnections(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    broken, again = (facts_of(oracle, f"connection_{how}") for how in ("marked_broken", "reauthorized"))
    assert lines_of(tile) == counts(span, broken=broken, reconnected=again)


def by_surface(tile: TileAnswer, oracle: Oracle, span: Span) -> None:
    def of(surface: str) -> Count:
        return lambda days: oracle.summed("requests_served", days, surface=surface)

    doors = {surface: of(surface) for surface in ("cli", "api", "page")}
    proxy: Count = lambda days: oracle.summed("credentials_used", days)  # noqa: E731
    assert lines_of(tile) == counts(span, proxy=proxy, **doors)


CHECKS: dict[str, Callable[[TileAnswer, Oracle, Span], None]] = {
    "Registered principals": principals,
    "Identities registered and claimed": identities,
    "Identities claimed and rejected": identities,
    "Auth session success rate": auth_sessions,
    "Top providers connected": providers,
    "From registered to first use": claim_funnel,
    "Active principals": active("principal_id", is_principal_active),
    "Active agents": active("identity_handle", is_agent_active),
    "Principals who come back": retention("principal_id", "principal_registered", is_principal_active),
    "Agents that keep running": retention("identity_handle", "identity_claimed", is_running),
    "Top providers now": open_by_provider,
    "Providers connected over time": split("connection_created", "provider"),
    "Connections by state": by_state,
    "Credential use that works": credential_use,
    "Refreshes that work": refreshes,
    "Connections that broke": reconnections,
    "Use by surface": by_surface,
    "Refusals by the gateway": split("request_denied", "reason"),
}
