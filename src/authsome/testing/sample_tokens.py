"""Made-up connections by a provider's own page: tokens that are renewed, fail now and then, and end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from authsome.amendment.carry_out import carry_out
from authsome.amendment.model import Act, Amendment
from authsome.amendment.plan import plan
from authsome.auth_session.oauth.finish import complete_with_tokens
from authsome.auth_session.start import start
from authsome.connection.model import Connection, Flow
from authsome.connection.oauth.configure_client import configure_client
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.record import record_refresh_failed, record_refreshed
from authsome.connection.oauth.tokens import Tokens, life_of
from authsome.kit.caller import Caller, server_caller
from authsome.kit.secret import Secret
from authsome.provider.find import get_provider
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from authsome.vault.seal import Keeper

PROVIDER = "google"
NOBODY = {"token_url": "https://token.sample.invalid/"}
BAD_HOURS = (RefreshFailure.TIMED_OUT, RefreshFailure.PROVIDER_FAILED)


@dataclass(frozen=True, slots=True)
class TokenLife:
    """Connects a provider for one person after another, and lives through what its tokens do."""

    store: Store
    keeper: Keeper
    clock: SimulatedClock
    random: Random

    async def begin(self, admin: Caller) -> None:
        """Give the provider a client, as somebody must before anybody can go there."""
        await self._keep_from_the_provider(replace(admin, confirmed=True))
        await self.store.write(
            admin,
            lambda work: configure_client(
                work,
                self.keeper,
                provider=PROVIDER,
                client_id="sample.invalid",
                secret=None,
                installation_id=self.store.installation_id,
            ),
        )

    async def _keep_from_the_provider(self, admin: Caller) -> None:
        """Leave no address where a server that goes on with this history could show a made-up token."""
        real = await self.store.read(lambda view: get_provider(view, PROVIDER))
        definition = real.definition() | {"oauth": real.definition()["oauth"] | NOBODY}
        del definition["check"], definition["oauth"]["revocation_url"]
        override = Amendment(act=Act.OVERRIDE, name=PROVIDER, definition=definition)
        seen = (await self.store.read(lambda view: plan(view, override))).fingerprint
        await carry_out(self.store, admin, override, seen=seen)

    async def live(self, caller: Caller, until: datetime) -> list[str]:
        """One connection, from its creation to `until`; returns its id."""
        name = f"sample-{self.random.randrange(10**6):06d}"
        begun = self.clock.moment
        connection = await self._connect(caller, name)
        made = connection.id
        while connection.is_usable and self._wait(days=9) < until:
            connection = await self._renew(connection)
        if not connection.is_usable and self.random.random() < 0.7 and self._wait(days=2) < until:
            await self._connect(caller, name)
        self.clock.moment = begun
        return [made]

    async def _renew(self, connection: Connection) -> Connection:
        fate, server = self.random.random(), server_caller(self.store.installation_id)
        one, version = connection.id, connection.version
        if fate < 0.14:
            reason = RefreshFailure.REFUSED if fate < 0.03 else self.random.choice(BAD_HOURS)
            failed = await self.store.write(
                server,
                lambda work: record_refresh_failed(work, connection_id=one, version=version, reason=reason),
            )
            return failed or connection
        tokens = self._tokens()
        life = life_of(tokens, now=self.clock.now(), entropy=self.store.entropy)
        renewed = await self.store.write(
            server,
            lambda work: record_refreshed(
                work, self.keeper, connection_id=one, version=version, tokens=tokens, life=life
            ),
        )
        return renewed or connection

    async def _connect(self, caller: Caller, name: str) -> Connection:
        """By an auth session; of a name that is taken, in its place."""
        session, _ = await self.store.write(
            caller, lambda work: start(work, provider=PROVIDER, name=name, flow=Flow.AUTHORIZATION_CODE)
        )
        self.clock.advance(timedelta(minutes=1))
        tokens = self._tokens()
        life = life_of(tokens, now=self.clock.now(), entropy=self.store.entropy)
        _, connection = await self.store.write(
            caller,
            lambda work: complete_with_tokens(work, self.keeper, session.id, tokens=tokens, life=life),
        )
        return connection

    def _tokens(self) -> Tokens:
        ends = self.clock.now() + timedelta(hours=1)
        return Tokens(access=Secret("sample"), refresh=Secret("sample"), expires_at=ends)

    def _wait(self, *, days: float) -> datetime:
        self.clock.advance(timedelta(days=days) * self.random.random() + timedelta(hours=1))
        return self.clock.moment
