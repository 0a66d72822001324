"""An erasure leaves no difference between registry, log and rollups, and nothing of it is made anew."""

from __future__ import annotations

from sqlalchemy import delete

from authsome.analytics.projections.project import Projector
from authsome.analytics.reconcile.registry import compare_registry
from authsome.analytics.reconcile.restore import restore_missing
from authsome.analytics.reconcile.rollup import compare_rollups
from authsome.principal.model import Role
from authsome.store.tables.log import event_log
from authsome.store.transactions import Store
from tests.contract.nouns.erased import DID, busy, erase, found
from tests.contract.nouns.people import person
from tests.support.log import position_all


async def tick(_count: int) -> None: ...


async def test_an_erasure_is_no_difference(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await erase(store, eve.confirmed, what.ann.id)
    await position_all(store)
    await Projector(store, "UTC").catch_up()
    section = await compare_registry(store, since=None, time_zone="UTC", tick=tick)
    names = {event for _kind, event in section.counts}
    assert names <= {"principal_registered", "identity_registered"}  # the test put these rows there
    assert not (await compare_rollups(store, since=None, tick=tick)).differs


async def test_what_the_log_lacks_of_the_erased_is_not_made_anew(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await erase(store, eve.confirmed, what.ann.id)
    await position_all(store)
    lost = delete(event_log).where(event_log.c.name.in_(("identity_revoked", "run_started")))
    await store.keep_log(lambda connection: connection.execute(lost))
    await restore_missing(store, since=None, time_zone="UTC", tick=tick)
    await position_all(store)
    for word in ("python", what.ann.id):
        assert "event_local" not in await found(store, word)
    names = await store.read(lambda view: [fact.name for fact in view.event_log.after(0, 1_000)])
    assert not {"identity_revoked", "run_started"} & set(names)
    assert await found(store, DID) == []
