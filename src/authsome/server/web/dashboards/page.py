"""The whole page of a dashboard, of what analytics answers or of an address that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from authsome.analytics.answers import DashboardAnswer
from authsome.server.web import paths
from authsome.server.web.dashboards.ask import MINE
from authsome.server.web.dashboards.choices import Choices, Misread
from authsome.server.web.dashboards.scene import Scene, scene_of
from authsome.server.web.dashboards.tile import tile_of
from authsome.server.web.filters import count, plain_day
from authsome.server.web.pages.frame import Form
from authsome.server.web.pages.measures import RANGES, DashboardPage, Narrowing, Option, Way

FOR_ADMINS = (("adoption", "Adoption"), ("reliability", "Reliability"))
FEW = 100  # facts that are counted within a moment, and no reason to warn of anything
BUCKETS = ("day", "week", "month")
DESCRIPTIONS = {
    "adoption": ("Adoption", "Who joins, whose agents are claimed and at work, and whether they come back."),
    "reliability": (
        "Reliability",
        "Whether connecting works, whether requests get through, and what is refused.",
    ),
    MINE: ("My numbers", "Your own agents and connections, and nobody else's."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What may be chosen here: dashboards as far as the visitor may see them, providers, handles."""

    is_admin: bool
    providers: Mapping[str, str]
    handles: tuple[str, ...]


def dashboard_page(answer: DashboardAnswer, choices: Choices, known: Known) -> DashboardPage:
    """The page over the days of the answer."""
    scene = scene_of(answer, known.providers)
    title, description = DESCRIPTIONS[choices.dashboard]
    return DashboardPage(
        title=title,
        description=description,
        dashboards=_dashboards(choices, known),
        ranges=_ranges(choices),
        buckets=_buckets(choices, answer.bucket),
        narrowing=_narrowing(choices, known),
        span=f"{_shown(answer)} by {answer.bucket}, compared with as many days before. A day is from "
        f"midnight to midnight in {answer.time_zone}.{_not_over(scene)}",
        notes=tuple(_notes(answer, choices, known)),
        tiles=tuple(tile_of(tile, scene, choices) for tile in answer.tiles),
        time_zone=answer.time_zone,
        as_of=answer.as_of,
        behind=answer.lag,
        is_own=choices.dashboard == MINE,
    )


def misread_page(
    dashboard: str, misread: Misread, known: Known, *, time_zone: str, now: datetime
) -> DashboardPage:
    """The page where the address could not be read: what is wrong, and no numbers of something else."""
    usual = Choices(dashboard=dashboard)
    title, description = DESCRIPTIONS[dashboard]
    form = Form(
        action=paths.dashboard(dashboard),
        sent=misread.sent,
        errors=misread.errors,
        problem="No numbers are shown. Please correct:",
    )
    narrowing = Narrowing(
        form=form,
        providers=_providers(misread.sent.get("provider", ""), known),
        handles=known.handles,
        clear=Way(name="Show the usual", href=usual.href),
    )
    return DashboardPage(
        title=title,
        description=description,
        dashboards=_dashboards(usual, known),
        ranges=tuple(Way(name=f"{days} days", href=usual.over(days).href) for days in RANGES),
        buckets=(),
        narrowing=narrowing,
        time_zone=time_zone,
        as_of=now,
        is_own=dashboard == MINE,
    )


def _dashboards(choices: Choices, known: Known) -> tuple[Way, ...]:
    """An identity of somebody else's is not carried over to one's own numbers."""
    shown = (*FOR_ADMINS, (MINE, "My numbers")) if known.is_admin else ((MINE, "My numbers"),)
    return tuple(
        Way(
            name=name,
            href=(choices if name_is_of_all(choices.dashboard, key) else choices.cleared).on(key).href,
            current=key == choices.dashboard,
        )
        for key, name in shown
    )


def name_is_of_all(one: str, other: str) -> bool:
    """Whether a filter of the one dashboard can be one of the other."""
    return (one == MINE) == (other == MINE)


def _ranges(choices: Choices) -> tuple[Way, ...]:
    by_days = choices.since is None and choices.until is None
    return tuple(
        Way(name=f"{days} days", href=choices.over(days).href, current=by_days and choices.days == days)
        for days in RANGES
    )


def _buckets(choices: Choices, shown: str) -> tuple[Way, ...]:
    return tuple(
        Way(name=one.capitalize(), href=choices.by(one).href, current=one == shown) for one in BUCKETS
    )


def _narrowing(choices: Choices, known: Known) -> Narrowing:
    chosen = choices.query()
    hidden: dict[str, str] = {name: chosen[name] for name in ("days", "bucket") if name in chosen}
    form = Form(action=paths.dashboard(choices.dashboard), sent=chosen, hidden=hidden)
    filtered = bool(choices.provider or choices.identity)
    return Narrowing(
        form=form,
        providers=_providers(choices.provider, known),
        handles=known.handles,
        clear=Way(name="Clear filters", href=choices.cleared.href) if filtered else None,
    )


def _providers(chosen: str, known: Known) -> tuple[Option, ...]:
    """The providers by the names people know, and the one that is chosen, even if it is gone by now."""
    named = sorted(known.providers.items(), key=lambda one: one[1].lower())
    options = [Option(value=value, name=name) for value, name in named]
    if chosen and chosen not in known.providers:
        options.append(Option(value=chosen, name=chosen))
    return tuple(options)


def _shown(answer: DashboardAnswer) -> str:
    days = (answer.until - answer.since).days + 1
    if days == 1:
        return f"{plain_day(answer.since)},"
    return f"{plain_day(answer.since)} to {plain_day(answer.until)} ({days} days),"


def _not_over(scene: Scene) -> str:
    if not scene.unfinished:
        return ""
    return f" {scene.this_bucket.capitalize()} is not over: a pale bar or hollow point is what it has so far."


def _notes(answer: DashboardAnswer, choices: Choices, known: Known) -> Iterable[str]:
    if answer.lag > FEW:
        yield f"{count(answer.lag)} facts are in the log and still to be counted: the numbers are too small."
    if choices.provider and choices.provider not in known.providers:
        yield f"There is no provider {choices.provider} now. The numbers are of what was recorded under it."
