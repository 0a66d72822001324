"""Make the parts of an installation, and take them down."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from authsome.analytics.projections.project import Projector
from authsome.analytics.reader import Reader
from authsome.claim.register import PendingLimits
from authsome.kit.clock import Clock, SystemClock
from authsome.kit.ids import Entropy, Ids, SystemEntropy
from authsome.principal.password import Hasher
from authsome.runtime.config import RuntimeConfig
from authsome.runtime.generation import Generation
from authsome.runtime.leases import CountedRunLeases
from authsome.runtime.limits import CountedLimits
from authsome.runtime.runtime import Runtime
from authsome.store.database import Database
from authsome.store.open import open_store
from authsome.telemetry.mode import Mode, decide_mode
from authsome.telemetry.usage import UsageMeter
from authsome.vault.ensure import check_key
from authsome.vault.installation_key import load as load_installation_key
from authsome.vault.seal import Keeper


@asynccontextmanager
async def build(
    config: RuntimeConfig, *, clock: Clock | None = None, entropy: Entropy | None = None
) -> AsyncIterator[Runtime]:
    """A runtime that is ready for use, without its background work (`background.py`)."""
    clock, entropy = clock or SystemClock(), entropy or SystemEntropy()
    private_folder(config.home)
    private_folder(config.server_home)
    key = load_installation_key(
        config.installation_key,
        config.installation_key_file,
        default_file=config.server_home / "installation.key",
        entropy=entropy,
    )
    database = Database(config.database_url)
    generation = Generation(config.server_home / "generation", entropy)
    hasher, keeper = Hasher(), Keeper(key, entropy)
    try:
        store = await open_store(database, clock=clock, ids=Ids(clock, entropy), entropy=entropy)
        store.on_commit.append(generation.bump)
        await store.read(lambda view: check_key(view, keeper))
        server_id = lasting_id(config.server_home / "server.id", store.ids)
        telemetry = decide_mode(config.telemetry_settings)
        usage = UsageMeter(store, server_id=server_id)
        yield Runtime(
            config=config,
            server_id=server_id,
            telemetry=telemetry,
            usage=usage,
            projector=Projector(store, config.time_zone, enabled=telemetry.mode is not Mode.OFF),
            analytics=Reader(store, config.time_zone),
            clock=clock,
            entropy=entropy,
            installation_key=key,
            store=store,
            hasher=hasher,
            limits=CountedLimits(store),
            run_leases=CountedRunLeases(store),
            keeper=keeper,
            generation=generation,
            pending_limits=PendingLimits(config.pending_per_address, config.pending_in_all),
        )
        await usage.flush()
        await store.keep(lambda books: books.servers.leave(server_id))
    finally:
        database.close()
        hasher.close()
        generation.close()


def private_folder(path: Path) -> None:
    """Make a folder that only its owner can enter; one that is open to others is closed."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.stat().st_mode & 0o077:
        os.chmod(path, 0o700)


def lasting_id(path: Path, ids: Ids) -> str:
    """The id of the server of this home, the same after every restart.

    Leases are held under it: a server that was killed takes its own up again at once, where a new name would
    have to wait until they run out. That only one server runs in a home is the home's lock's part.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}")
        draft.write_text(ids.new("prc"), encoding="ascii")
        draft.replace(path)
    return path.read_text(encoding="ascii").strip()
