"""What `destroy` changes: all that is ours goes, and what others put beside it stays. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from authsome.analytics.provision.change import Change, Thing, Verb
from authsome.analytics.provision.difference import removal_of
from authsome.analytics.provision.found import Found, FoundDashboard
from authsome.analytics.provision.mark import key_in, unmarked


def removal(found: Found) -> list[Change]:
    """The removals: a dashboard last, so that one which is stopped half-way is found again."""
    changes = [removal_of(Thing.ACTION, action) for action in found.actions]
    for thing, known in ((Thing.EVENT, found.events), (Thing.PROPERTY, found.properties)):
        changes += [
            Change(verb=Verb.CHANGE, thing=thing, key=name, name=name, id=one.id, fields={"description": ""})
            for name, one in known.items()
            if key_in(one.description)
        ]
    changes += [removal_of(Thing.INSIGHT, insight) for insight in found.insights]
    for dashboard in found.dashboards:
        changes += _of_dashboard(dashboard)
    return changes


def _of_dashboard(dashboard: FoundDashboard) -> Iterator[Change]:
    """A dashboard with tiles of other people is left to them, without ours and without the mark."""
    if all(tile.key is not None for tile in dashboard.tiles):
        yield removal_of(Thing.DASHBOARD, dashboard)
        return
    for tile in dashboard.tiles:
        if tile.key is not None and tile.text_id is not None:
            yield Change(
                verb=Verb.REMOVE,
                thing=Thing.TEXT,
                key=tile.key,
                name=f"on {dashboard.name}",
                id=tile.id,
                on=dashboard.key,
            )
    yield Change(
        verb=Verb.CHANGE,
        thing=Thing.DASHBOARD,
        key=dashboard.key,
        name=dashboard.name,
        id=dashboard.id,
        fields={"description": unmarked(dashboard.description)},
    )
