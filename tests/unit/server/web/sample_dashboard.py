"""The dashboards with sample answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from authsome.analytics import answers as a
from authsome.server.web import pages as p
from authsome.server.web.dashboards.choices import Choices, Misread, read_choices
from authsome.server.web.dashboards.page import Known, dashboard_page, misread_page
from tests.unit.server.web.sample_answers import (
    NOW,
    PROVIDERS,
    TODAY,
    Sample,
    headline,
    rows,
    share,
    start_of,
    tile,
)

OWN = Known(is_admin=False, providers=PROVIDERS, handles=("brisk-amber-otter-4821",))
KEPT = (0.92, 0.7, 0.62, 0.6, 0.55, 0.57, 0.5, 0.5)
KNOWN = Known(is_admin=True, providers=PROVIDERS, handles=("brisk-amber-otter-4821",))


def dashboard(
    name: str = "adoption",
    days: int = 30,
    bucket: str = "",
    *,
    empty: bool = False,
    known: Known = KNOWN,
    provider: str = "",
    identity: str = "",
) -> p.DashboardPage:
    """A dashboard over the last `days` days; or an installation in which nothing has happened yet."""
    choices = Choices(dashboard=name, days=days, bucket=bucket, provider=provider, identity=identity)
    sample = Sample(days, choices.asked(TODAY).bucket.value, empty=empty)
    tiles = {"adoption": adoption, "reliability": reliability, "mine": mine}[name](sample)
    lag = 12 if empty else 0
    return dashboard_page(
        sample.dashboard(name, *tiles, lag=lag, provider=provider, identity=identity), choices, known
    )


def dashboards() -> Iterator[tuple[str, p.DashboardPage]]:
    """Every dashboard in its states, by the name of its sample."""
    for days in p.RANGES:
        yield f"adoption-{days}", dashboard("adoption", days)
    yield "adoption-empty", dashboard("adoption", empty=True)
    yield "adoption-narrowed", dashboard("adoption", 90, "week", provider="github", identity=OWN.handles[0])
    yield "reliability", dashboard("reliability")
    yield "reliability-month", dashboard("reliability", 365, "month")
    yield "reliability-empty", dashboard("reliability", empty=True)
    yield "mine", dashboard("mine", known=OWN)
    yield "mine-empty", dashboard("mine", empty=True, known=OWN)
    sent = {"days": "x", "since": "2026-02-31", "bucket": "hour", "identity": "me"}
    misread = read_choices("adoption", sent, TODAY)
    assert isinstance(misread, Misread)
    yield "adoption-misread", misread_page("adoption", misread, KNOWN, time_zone="UTC", now=NOW)


def adoption(sample: Sample) -> list[a.TileAnswer]:
    new, total = sample.line("new", "New", 2.2, 3), sample.standing("total", "In all", 2.2, 3)
    return [
        tile(
            "principals",
            "growth",
            "principals",
            new,
            total,
            title="Registered principals",
            head=headline("in all", total.total, total.before, "principals"),
        ),
        tile(
            "identities",
            "counts",
            "identities",
            sample.line("registered", "Registered", 6.5, 5),
            sample.line("claimed", "Claimed", 5.2, 7),
            sample.line("rejected", "Rejected", 0.8, 11),
            title="Identities registered and claimed",
        ),
        sessions(sample),
        ranking(sample),
        funnel(sample),
        *(
            tile(
                f"active_{unit}",
                "active",
                unit,
                sample.line("active", "Active", scale, 4),
                head=headline("active on average", None if sample.empty else 41.3, 38.25, unit),
            )
            for unit, scale in (("principals", 18), ("identities", 26))
        ),
        retention(sample, "principals"),
        retention(sample, "identities"),
    ]


def sessions(sample: Sample) -> a.TileAnswer:
    lines = (
        sample.line("completed", "Completed", 4.5, 2),
        sample.line("failed", "Failed", 0.7, 13),
        sample.line("expired", "Expired", 0.4, 9),
    )
    cancelled, rate = sample.line("cancelled", "Cancelled", 0.3, 17), share(*lines)

    def row(name: str, *counts: int) -> a.RowAnswer:
        keys = ("completed", "failed", "expired", "cancelled")
        part = counts[0] / sum(counts[:3]) if counts[0] else None
        return a.RowAnswer(name=name, counts=dict(zip(keys, counts, strict=True)), rate=part)

    by = {
        "provider": (row("github", 61, 4, 2, 1), row("openai", 44, 9, 3, 2)),
        "flow": (row("api_key_entry", 105, 13, 5, 3),),
        "reason": (row("key_invalid", 0, 9, 0, 0), row("", 0, 4, 0, 0)),
    }
    return tile(
        "auth_sessions",
        "rate",
        "percent",
        *lines,
        cancelled,
        title="Auth session success rate",
        head=headline("completed", rate.total, rate.before, "percent"),
        rate=rate,
        by=dict.fromkeys(by, ()) if sample.empty else by,
    )


def ranking(sample: Sample) -> a.TileAnswer:
    pairs = rows(
        github=(412, 230),
        openai=(388, 301),
        anthropic=(211, 150),
        google=(97, 80),
        slack=(54, 49),
        invoices=(30, 4),
        stripe=(12, 12),
    )
    return tile(
        "providers",
        "ranking",
        "connections",
        sample.line("connections", "Connections", 9),
        sample.line("principals", "Principals", 7),
        title="Top providers connected",
        by={"provider": () if sample.empty else pairs},
    )


def funnel(sample: Sample) -> a.TileAnswer:
    counts = (0, 0, 0, 0) if sample.empty else (144, 131, 118, 80)
    titles = ("Registered", "Claim opened", "Claimed", "First use")
    steps = tuple(
        a.StepAnswer(
            key=title.lower(), title=title, count=count, share=count / counts[0] if counts[0] else None
        )
        for title, count in zip(titles, counts, strict=True)
    )
    within = (("1 minute", 11), ("10 minutes", 74), ("1 hour", 112), ("1 day", 117), ("14 days", 118))
    times = a.TimesAnswer(title="Registered to claimed", median_seconds=312.0, within=within)
    return tile(
        "claim_funnel",
        "funnel",
        "identities",
        title="From registered to first use",
        head=headline("of those registered were used", None if sample.empty else 80 / 144, 0.5, "percent"),
        steps=steps,
        times=None if sample.empty else times,
        ignores=("provider",),
    )


def retention(sample: Sample, unit: str) -> a.TileAnswer:
    last = start_of("week", TODAY)
    cohorts = tuple(
        a.CohortAnswer(
            start=last - timedelta(weeks=7 - at),
            size=0 if sample.empty else 10 + 3 * at,
            retained=tuple(
                0 if sample.empty else max(0, int((10 + 3 * at) * KEPT[week])) for week in range(8 - at)
            ),
        )
        for at in range(8)
    )
    return tile(
        f"retention_{unit}",
        "retention",
        unit,
        title=f"{unit.capitalize()} who come back",
        head=headline("active in the week after", None if sample.empty else 0.68, 0.64, "percent"),
        cohorts=cohorts,
    )


def reliability(sample: Sample) -> list[a.TileAnswer]:
    return [
        sessions(sample),
        split(sample, "providers_over_time", "connections", [*PROVIDERS][:6]),
        tile(
            "connections_by_state",
            "standing",
            "connections",
            sample.standing("open", "Open", 3.1, 3, now=1204),
            sample.standing("needs_reconnection", "Needing reconnection", 0.1, 4, now=6),
            sample.standing("logged_out", "Logged out", 0.5, 5, now=88),
            sample.standing("revoked", "Revoked", 0.3, 7, now=41),
        ),
        tile(
            "connections_by_provider",
            "standing",
            "connections",
            sample.standing("open", "Open", 3.1, 3, now=1204),
            by={"provider": tuple(a.RowAnswer(name=one, counts={"open": 90}) for one in PROVIDERS)},
        ),
        use(sample),
        surfaces(sample),
        split(sample, "denials", "refusals", ["not_granted", "revoked", "host_unknown"]),
        tile(
            "telemetry",
            "lanes",
            "facts",
            head=headline("waiting", 12, None, "facts"),
            lanes=()
            if sample.empty
            else (
                a.LaneAnswer(name="posthog", works=True, lag=12, dead_letters=0, paused=None),
                a.LaneAnswer(name="jsonl", works=True, lag=0, dead_letters=2, paused="the disk is full"),
            ),
        ),
    ]


def use(sample: Sample) -> a.TileAnswer:
    lines = (
        sample.line("delivered", "Answered", 900, 3),
        sample.line("credential_rejected", "Rejected by the provider", 14, 5),
        sample.line("refused", "Stopped by the gateway", 9, 7),
        sample.line("upstream_failed", "No answer", 22, 9),
    )
    rate = share(*lines)
    return tile(
        "credential_use",
        "rate",
        "percent",
        *lines,
        head=headline("answered", rate.total, rate.before, "percent"),
        rate=rate,
        by={"provider": ()},
    )


def surfaces(sample: Sample) -> a.TileAnswer:
    return tile(
        "use_by_surface",
        "counts",
        "requests",
        sample.line("proxy", "Proxy", 900, 3),
        sample.line("cli", "Command line", 120, 5),
        sample.line("api", "API", 40, 7),
        sample.line("page", "Pages", 60, 9),
    )


def split(sample: Sample, key: str, unit: str, names: list[str]) -> a.TileAnswer:
    lines = tuple(sample.line(name, name, 3.0 / (at + 1), at + 2) for at, name in enumerate(names))
    found = (*lines, sample.line("others", "Others", 0.3, 19)) if len(names) == 6 else lines
    total, before = sum(line.total for line in found), sum(line.before for line in found)
    return tile(
        key,
        "split",
        unit,
        *found,
        head=headline("in all", total, before, unit),
    )


def mine(sample: Sample) -> list[a.TileAnswer]:
    return [
        tile(
            "claims",
            "counts",
            "identities",
            sample.line("claimed", "Claimed", 0.4, 7),
            sample.line("rejected", "Rejected", 0.1, 11),
        ),
        tile("active_agents", "active", "identities", sample.line("active", "Active", 2, 4)),
        sessions(sample),
        use(sample),
    ]
