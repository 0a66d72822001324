"""What should be in the project, computed from the dashboards and the catalogue of this version alone."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from authsome.analytics.compile.posthog import insights, template
from authsome.analytics.dashboards.dashboard import DashboardPlan
from authsome.analytics.provision.mark import marked
from authsome.kit.event import Event, Privacy
from authsome.telemetry import catalogue

Json = dict[str, Any]
WHERE_IT_GOES = {
    Privacy.PUBLIC: "Sent as it is.",
    Privacy.PSEUDONYM: "An opaque id or a name only your team gave; keyed, where the operator asks for that.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedInsight:
    key: str
    name: str
    description: str
    query: Json
    layouts: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedText:
    key: str
    body: str
    layouts: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDashboard:
    key: str
    name: str
    description: str
    insights: tuple[WantedInsight, ...]
    texts: tuple[WantedText, ...]

    @property
    def layouts(self) -> dict[str, Json]:
        """Where each tile stands, by its key."""
        texts = {text.key: text.layouts for text in self.texts}
        return texts | {insight.key: insight.layouts for insight in self.insights}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAction:
    key: str
    name: str
    description: str
    steps: tuple[Json, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`actions` is None where nobody asked for them: then those that are there stay as they are."""

    dashboards: tuple[WantedDashboard, ...]
    actions: tuple[WantedAction, ...] | None
    events: Mapping[str, str]
    properties: Mapping[str, str]


def everything_wanted(plans: Iterable[DashboardPlan], *, with_old_names: bool) -> Wanted:
    """The dashboards, a description of every event and property, and the actions if asked for."""
    return Wanted(
        dashboards=tuple(wanted_dashboard(plan) for plan in plans),
        actions=old_name_actions() if with_old_names else None,
        events=event_descriptions(),
        properties=property_descriptions(),
    )


def wanted_dashboard(plan: DashboardPlan) -> WantedDashboard:
    """What PostHog's template of it says, and for each part the key by which it is known again."""
    document = template(plan)
    texts = [tile for tile in document["tiles"] if tile["type"] == "TEXT"]
    charts = [tile for tile in document["tiles"] if tile["type"] == "INSIGHT"]
    keys = [f"{plan.name}/{insight.key}" for tile in plan.tiles for insight in insights(tile)]
    return WantedDashboard(
        key=plan.name,
        name=document["template_name"],
        description=document["dashboard_description"],
        insights=tuple(_insight(key, tile) for key, tile in zip(keys, charts, strict=True)),
        texts=tuple(_text(f"{plan.name}/text-{number}", tile) for number, tile in enumerate(texts, start=1)),
    )


def _text(key: str, tile: Json) -> WantedText:
    return WantedText(key=key, body=f"{tile['body']}\n\n[authsome:{key}]", layouts=tile["layouts"])


def _insight(key: str, tile: Json) -> WantedInsight:
    return WantedInsight(
        key=key,
        name=tile["name"],
        description=tile["description"],
        query=tile["query"],
        layouts=tile["layouts"],
    )


def old_name_actions() -> tuple[WantedAction, ...]:
    """An action for each event that had another name, matching either."""
    known = catalogue.events()
    return tuple(
        WantedAction(
            key=f"old-names/{new}",
            name=f"Authsome: {new}, and {old} before",
            description=f"The event {new} and the one that was named {old} before, as one.",
            steps=({"event": new}, {"event": old}),
        )
        for new, old in catalogue.OLD_NAMES.items()
        if new != old and new in known
    )


def event_descriptions() -> dict[str, str]:
    """Of each event what its class says, with the mark."""
    return {
        name: marked(inspect.cleandoc(event.__doc__ or ""), f"event/{name}")
        for name, event in catalogue.events().items()
    }


def property_descriptions() -> dict[str, str]:
    """Of each property that is ever sent, with the mark. They are the project's, not one event's."""
    said = {
        "installation_id": "The installation of Authsome that the event comes from.",
        "actor_kind": "Who acted: principal, identity or server.",
    }
    on: dict[str, list[type[Event]]] = {}
    for event in catalogue.events().values():
        for sent in catalogue.sent_fields(event):
            on.setdefault(sent.name, []).append(event)
    for name, events in on.items():
        names = ", ".join(event.name for event in events)
        said[name] = f"{WHERE_IT_GOES[events[0].privacy[name]]} A property of Authsome's {names}."
    return {name: marked(text, f"property/{name}") for name, text in sorted(said.items())}
