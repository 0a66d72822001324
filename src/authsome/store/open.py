"""Open the store: connect, migrate, and learn or make the installation's id."""

from __future__ import annotations

from authsome.kit.caller import server_caller
from authsome.kit.clock import Clock
from authsome.kit.ids import Entropy, Ids
from authsome.store.database import Database
from authsome.store.events import DatabaseKind, ServerStarted, ServerUpgraded
from authsome.store.migrate import migrate
from authsome.store.rows.settings import Setting
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.store.view import View

INSTALLATION = "installation_id"
VERSION = "server_version"


async def open_store(database: Database, *, clock: Clock, ids: Ids, entropy: Entropy) -> Store:
    """A store that is ready for use. The caller closes it."""
    await migrate(database)
    store = Store(database, installation_id="", clock=clock, ids=ids, entropy=entropy)
    found = await store.read(_installation_id)
    if found is None:
        fresh = ids.new("srv")
        found = await store.write(server_caller(fresh), lambda work: _install(work, fresh))
    return Store(database, installation_id=found, clock=clock, ids=ids, entropy=entropy)


async def record_start(store: Store, version: str) -> None:
    """Say that this process came up, and before that if it is another version than came up last."""
    kind = DatabaseKind.SQLITE if store.database.is_sqlite else DatabaseKind.POSTGRESQL
    started = ServerStarted(server_version=version, database=kind)
    await store.write(server_caller(store.installation_id), lambda work: _start(work, started))


def _start(work: UnitOfWork, started: ServerStarted) -> None:
    version, last = started.server_version, work.settings.find(VERSION)
    if last is None or last.value != version:
        work.quiet("the row has no id of its own to be named by: it is the version that the events here say")
        work.settings.put(Setting(id=VERSION, value=version, updated_at=work.now))
    if last is not None and last.value != version:
        work.record(ServerUpgraded(previous_version=str(last.value), server_version=version))
    work.record(started)


def _installation_id(view: View) -> str | None:
    setting = view.settings.find(INSTALLATION)
    return str(setting.value) if setting else None


def _install(work: UnitOfWork, fresh: str) -> str:
    """Two servers may come up together on an empty database; the first id stays."""
    found = _installation_id(work)
    if found is None:
        work.quiet("the installation has no id, and so no events, before this row")
        work.settings.add(Setting(id=INSTALLATION, value=fresh, updated_at=work.now))
        found = fresh
    return found
