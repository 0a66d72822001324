"""Make the parts of an installation, and take them down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from authsome.analytics.projections.project import Projector
from authsome.analytics.reader import Reader
from authsome.claim.pending import PendingLimits, PendingRoom
from authsome.connection.by_address.parts import Parts as ByAddress
from authsome.connection.oauth.endpoint import TokenEndpoint
from authsome.connection.oauth.renew import Renewer
from authsome.connection.revocation.carry_out import Revoker
from authsome.kit.caller import server_caller
from authsome.kit.clock import Clock, SystemClock
from authsome.kit.ids import Entropy, Ids, SystemEntropy
from authsome.kit.resolve import Resolve, by_system
from authsome.principal.password import Hasher
from authsome.runtime.config import RuntimeConfig
from authsome.runtime.generation import Generation
from authsome.runtime.home import lasting_id, private_folder
from authsome.runtime.leases import CountedRunLeases
from authsome.runtime.limits import CountedLimits
from authsome.runtime.oauth.asking import Asking
from authsome.runtime.oauth.device.endpoint import HttpDeviceEndpoint
from authsome.runtime.oauth.endpoint import HttpTokenEndpoint
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.oauth.registering import RegisteringEndpoint
from authsome.runtime.oauth.renewals import Renewals
from authsome.runtime.oauth.revoking import HttpRevocationEndpoint
from authsome.runtime.oauth.turns import CountedTurns
from authsome.runtime.oauth.web import HttpWeb
from authsome.runtime.runtime import Runtime
from authsome.runtime.signers import Signers
from authsome.store.database import Database
from authsome.store.open import open_store
from authsome.store.transactions import Store
from authsome.telemetry.mode import Mode, decide_mode
from authsome.telemetry.usage.count import UsageMeter
from authsome.vault.ensure import check_key
from authsome.vault.installation_key import InstallationKey
from authsome.vault.installation_key import load as load_installation_key
from authsome.vault.seal import Keeper


@asynccontextmanager
async def build(
    config: RuntimeConfig,
    *,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    resolve: Resolve = by_system,
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
    outside = Outside(extra_roots=config.upstream_ca_file, resolve=resolve)
    hasher = Hasher()
    try:
        store = await open_store(database, clock=clock, ids=Ids(clock, entropy), entropy=entropy)
        store.on_commit.append(generation.bump)
        runtime = _assemble(config, store, key, hasher=hasher, generation=generation, outside=outside)
        await store.read(lambda view: check_key(view, runtime.keeper))
        yield runtime
        await runtime.renewals.drain()
        await runtime.usage.flush()
        await store.keep(lambda books: books.servers.leave(runtime.server_id))
    finally:
        database.close()
        hasher.close()
        generation.close()


def _assemble(
    config: RuntimeConfig,
    store: Store,
    key: InstallationKey,
    *,
    hasher: Hasher,
    generation: Generation,
    outside: Outside,
) -> Runtime:
    keeper, clock = Keeper(key, store.entropy), store.clock
    by_address = _by_address(config, store, keeper, HttpWeb(outside))
    server, asking = server_caller(store.installation_id), Asking(outside)
    endpoint = RegisteringEndpoint(HttpTokenEndpoint(clock, outside), by_address, server)
    server_id = lasting_id(config.server_home / "server.id", store.ids)
    telemetry = decide_mode(config.telemetry_settings)
    return Runtime(
        config=config,
        clock=clock,
        entropy=store.entropy,
        installation_key=key,
        store=store,
        hasher=hasher,
        limits=CountedLimits(store),
        run_leases=CountedRunLeases(store),
        keeper=keeper,
        generation=generation,
        signers=Signers(store, generation),
        pending_room=PendingRoom(store, PendingLimits(config.pending_per_address, config.pending_in_all)),
        outside=outside,
        token_endpoint=endpoint,
        device_endpoint=HttpDeviceEndpoint(asking),
        by_address=by_address,
        renewals=Renewals(_renewer(store, keeper, endpoint), clock),
        revoker=_revoker(store, keeper, asking),
        server_id=server_id,
        telemetry=telemetry,
        usage=UsageMeter(store, server_id=server_id),
        projector=Projector(store, config.time_zone, enabled=telemetry.mode is not Mode.OFF),
        analytics=Reader(store, config.time_zone),
    )


def _revoker(store: Store, keeper: Keeper, asking: Asking) -> Revoker:
    return Revoker(
        store,
        keeper,
        turns=CountedTurns(store),
        endpoint=HttpRevocationEndpoint(asking),
        clock=store.clock,
        entropy=store.entropy,
        server=server_caller(store.installation_id),
    )


def _renewer(store: Store, keeper: Keeper, endpoint: TokenEndpoint) -> Renewer:
    return Renewer(
        store,
        keeper,
        turns=CountedTurns(store),
        endpoint=endpoint,
        clock=store.clock,
        entropy=store.entropy,
        server=server_caller(store.installation_id),
    )


def _by_address(config: RuntimeConfig, store: Store, keeper: Keeper, web: HttpWeb) -> ByAddress:
    return ByAddress(
        store=store,
        keeper=keeper,
        web=web,
        limits=CountedLimits(store),
        clock=store.clock,
        base_url=config.base_url,
        installation_id=store.installation_id,
    )
