"""What would have to change so that the project is as wanted. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from authsome.analytics.provision.change import Change, Thing, Verb
from authsome.analytics.provision.found import Described, Found, FoundDashboard, FoundInsight, FoundTile
from authsome.analytics.provision.mark import key_in, marked
from authsome.analytics.provision.wanted import Wanted, WantedAction, WantedDashboard, WantedInsight

Json = dict[str, Any]


class Known(Protocol):
    """What has an id, a name and the key of its mark."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


K = TypeVar("K", bound=Known)


def difference(wanted: Wanted, found: Found) -> list[Change]:
    """The changes in the order in which they are carried out: what others stand on first, removals last."""
    changes = list[Change]()
    for dashboard in wanted.dashboards:
        there = _first(dashboard.key, found.dashboards)
        changes += _of_dashboard(dashboard, there)
        changes += _of_insights(dashboard, there, found.insights)
        changes += _of_tiles(dashboard, there)
    if wanted.actions is not None:
        changes += _of_actions(wanted.actions, found)
    changes += of_descriptions(Thing.EVENT, wanted.events, found.events)
    changes += of_descriptions(Thing.PROPERTY, wanted.properties, found.properties)
    insights = {insight.key for dashboard in wanted.dashboards for insight in dashboard.insights}
    changes += _superfluous(Thing.INSIGHT, insights, found.insights)
    changes += _superfluous(Thing.DASHBOARD, {one.key for one in wanted.dashboards}, found.dashboards)
    return changes


def holds(there: Any, written: Any) -> bool:
    """Whether what is there has all that was written. What the server added is not looked at."""
    if isinstance(written, Mapping):
        if not isinstance(there, Mapping):
            return False
        return all(holds(there.get(name), value) for name, value in written.items())
    if isinstance(written, list | tuple):
        if not isinstance(there, list | tuple) or len(there) != len(written):
            return False
        return all(holds(one, other) for one, other in zip(there, written, strict=True))
    return bool(there == written)


def _first(key: str, those: Iterable[K]) -> K | None:
    """The oldest with this key: of two that were made at the same time it is the one that counts."""
    return next((one for one in those if one.key == key), None)


def _of_dashboard(dashboard: WantedDashboard, there: FoundDashboard | None) -> Iterator[Change]:
    if there is None:
        fields = {"name": dashboard.name, "description": dashboard.description}
        yield Change(
            verb=Verb.CREATE, thing=Thing.DASHBOARD, key=dashboard.key, name=dashboard.name, fields=fields
        )
        return
    fields = _differing(
        there, name=dashboard.name, description=marked(dashboard.description, dashboard.key, there.id)
    )
    if fields:
        yield _change(Thing.DASHBOARD, there, dashboard.name, fields)


def _of_insights(
    dashboard: WantedDashboard, there: FoundDashboard | None, insights: Iterable[FoundInsight]
) -> Iterator[Change]:
    for insight in dashboard.insights:
        known = _first(insight.key, insights)
        if known is None:
            yield _new_insight(dashboard, insight)
            continue
        fields = _differing(
            known,
            name=insight.name,
            description=marked(insight.description, insight.key, known.id),
            query=insight.query,
        )
        if there is None or there.id not in known.dashboards:
            fields["dashboards"] = dashboard.key
        if fields:
            yield _change(Thing.INSIGHT, known, insight.name, fields, on=dashboard.key)


def _new_insight(dashboard: WantedDashboard, insight: WantedInsight) -> Change:
    fields = {"name": insight.name, "description": insight.description, "query": insight.query}
    return Change(
        verb=Verb.CREATE,
        thing=Thing.INSIGHT,
        key=insight.key,
        name=insight.name,
        on=dashboard.key,
        fields=fields,
    )


def _of_tiles(dashboard: WantedDashboard, there: FoundDashboard | None) -> Iterator[Change]:
    tiles: dict[str, FoundTile] = {}
    surplus = list[FoundTile]()
    texts = {text.key for text in dashboard.texts}
    for tile in sorted(there.tiles if there else (), key=lambda tile: tile.id):
        if tile.key is None:
            continue
        if tile.text_id is not None and (tile.key in tiles or tile.key not in texts):
            surplus.append(tile)
        tiles.setdefault(tile.key, tile)  # a second insight goes with its tile
    for text in dashboard.texts:
        known = tiles.get(text.key)
        if known is None or known.body.strip() != text.body:
            verb = Verb.CREATE if known is None else Verb.CHANGE
            yield _text(verb, dashboard, text.key, known, {"body": text.body})
    for tile in surplus:
        yield _text(Verb.REMOVE, dashboard, tile.key or "", tile, {})
    moved = {
        key: layouts
        for key, layouts in dashboard.layouts.items()
        if key not in tiles or not holds(tiles[key].layouts, layouts)
    }
    if moved:
        yield Change(
            verb=Verb.CHANGE,
            thing=Thing.LAYOUT,
            key=dashboard.key,
            name=dashboard.name,
            on=dashboard.key,
            fields=moved,
        )


def _text(verb: Verb, dashboard: WantedDashboard, key: str, tile: FoundTile | None, fields: Json) -> Change:
    if tile is not None and verb is Verb.CHANGE:
        fields["text_id"] = tile.text_id
    return Change(
        verb=verb,
        thing=Thing.TEXT,
        key=key,
        name=f"on {dashboard.name}",
        id=tile.id if tile else None,
        on=dashboard.key,
        fields=fields,
    )


def _of_actions(actions: Iterable[WantedAction], found: Found) -> Iterator[Change]:
    for action in actions:
        known = _first(action.key, found.actions)
        fields = {"name": action.name, "description": action.description, "steps": list(action.steps)}
        if known is None:
            yield Change(
                verb=Verb.CREATE, thing=Thing.ACTION, key=action.key, name=action.name, fields=fields
            )
            continue
        fields["description"] = marked(action.description, action.key, known.id)
        differing = _differing(known, **fields)
        if differing:
            yield _change(Thing.ACTION, known, action.name, differing)
    yield from _superfluous(Thing.ACTION, {action.key for action in actions}, found.actions)


def of_descriptions(
    thing: Thing, wanted: Mapping[str, str], found: Mapping[str, Described]
) -> Iterator[Change]:
    """Descriptions that are empty or ours. What a person wrote there stays."""
    for name, text in wanted.items():
        there = found.get(name)
        if there is None or there.description.strip() == text:
            continue
        if not there.description.strip() or key_in(there.description):
            yield Change(
                verb=Verb.CHANGE, thing=thing, key=name, name=name, id=there.id, fields={"description": text}
            )


def _superfluous(thing: Thing, keys: set[str], found: Iterable[Known]) -> Iterator[Change]:
    """What is ours and is wanted no more, or is there twice."""
    seen: set[str] = set()
    for one in found:
        if one.key not in keys or one.key in seen:
            yield removal_of(thing, one)
        seen.add(one.key)


def removal_of(thing: Thing, one: Known) -> Change:
    return Change(verb=Verb.REMOVE, thing=thing, key=one.key, name=one.name, id=one.id)


def _differing(there: Known, **fields: Any) -> Json:
    """The fields that are not as they are written."""
    return {name: value for name, value in fields.items() if not holds(getattr(there, name), value)}


def _change(thing: Thing, there: Known, name: str, fields: Json, *, on: str = "") -> Change:
    return Change(verb=Verb.CHANGE, thing=thing, key=there.key, name=name, id=there.id, on=on, fields=fields)
