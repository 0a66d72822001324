"""An installation with a strict provider, its client, and connections as if people had just consented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from authsome.auth_session.oauth.finish import Parts
from authsome.connection.create import create_with_tokens
from authsome.connection.model import Connection
from authsome.connection.oauth.configure_client import configure_client
from authsome.connection.oauth.renew import Renewer
from authsome.connection.oauth.tokens import Tokens, life_of
from authsome.kit.caller import server_caller
from authsome.kit.clock import Clock
from authsome.kit.secret import Secret
from authsome.principal.model import Role
from authsome.provider.register import register_provider
from authsome.provider.validate import read_definition
from authsome.runtime.oauth.asking import Asking
from authsome.runtime.oauth.device.endpoint import HttpDeviceEndpoint
from authsome.runtime.oauth.endpoint import HttpTokenEndpoint
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.oauth.renewals import Renewals
from authsome.runtime.oauth.turns import CountedTurns
from authsome.store.transactions import Store
from authsome.testing.clock import SeededEntropy
from authsome.testing.oauth.serve import CLIENT_ID, CLIENT_SECRET, OAuthProvider
from authsome.vault.installation_key import InstallationKey
from tests.contract.nouns.people import KEEPER, Person, person

CALLBACK = "http://localhost:7998/auth/callback"


@dataclass
class Acme:
    """The provider `acme` at one installation. `ann` is an admin."""

    store: Store
    clock: Clock
    provider: OAuthProvider
    ann: Person

    async def connect(self, name: str = "default", *, expires_in: int = 3600) -> Connection:
        """A connection of ann's whose access token lives so long from now."""
        document = self.provider.server.seed()
        now = self.clock.now()
        tokens = Tokens(
            access=Secret(str(document["access_token"])),
            refresh=Secret(str(document["refresh_token"])) if "refresh_token" in document else None,
            expires_at=now + timedelta(seconds=expires_in),
        )
        life = life_of(tokens, now=now, entropy=SeededEntropy(1))
        return await self.store.write(
            self.ann.caller,
            lambda work: create_with_tokens(
                work, KEEPER, provider="acme", name=name, tokens=tokens, life=life
            ),
        )

    async def look(self, connection: Connection) -> Connection:
        found = await self.store.read(lambda view: view.connections.find(connection.id))
        assert found is not None
        return found

    def parts(self) -> Parts:
        """What asks this provider, as a server of the installation does."""
        asking = HttpTokenEndpoint(self.clock, Outside(extra_roots=self.provider.ca_file))
        return Parts(
            store=self.store,
            keeper=KEEPER,
            endpoint=asking,
            devices=HttpDeviceEndpoint(Asking(Outside(extra_roots=self.provider.ca_file))),
            key=InstallationKey(b"k" * 32),
            clock=self.clock,
            entropy=self.store.entropy,
            base_url=CALLBACK.removesuffix("/auth/callback"),
        )

    def renewer(self, *, endpoint: HttpTokenEndpoint | None = None, all_seconds: float = 20.0) -> Renewer:
        outside = Outside(extra_roots=self.provider.ca_file)
        return Renewer(
            self.store,
            KEEPER,
            turns=CountedTurns(self.store),
            endpoint=endpoint or HttpTokenEndpoint(self.clock, outside, all_seconds=all_seconds),
            clock=self.clock,
            entropy=self.store.entropy,
            server=server_caller(self.store.installation_id),
        )

    def renewals(self, *, patience: float = 8.0, all_seconds: float = 20.0) -> Renewals:
        return Renewals(self.renewer(all_seconds=all_seconds), self.clock, patience=patience)


async def acme_at(
    store: Store, folder: Path, clock: Clock, *, account_at: str | None = None, **oauth: object
) -> Acme:
    """Set it all up. `oauth` changes the definition; `account_at` is where its API says who one is."""
    provider = OAuthProvider(folder / "acme", redirect_uri=CALLBACK)
    provider.server.clock = clock
    ann = await person(store, role=Role.ADMIN)
    check = {"check": {"url": provider.url + account_at, "account": "path"}} if account_at else {}
    definition = read_definition(provider.definition(**oauth) | check)
    await store.write(
        ann.caller,
        lambda work: register_provider(work, provider=definition, private_addresses=[provider.place]),
    )
    await store.write(
        ann.caller,
        lambda work: configure_client(
            work,
            KEEPER,
            provider="acme",
            client_id=CLIENT_ID,
            secret=Secret(CLIENT_SECRET),
            installation_id=store.installation_id,
        ),
    )
    return Acme(store, clock, provider, ann)


def spent_at(connection: Connection) -> datetime:
    """A moment at which its token is over."""
    assert connection.expires_at is not None
    return connection.expires_at + timedelta(seconds=1)
