"""An installation, and an MCP server that it does not know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from authsome.connection.by_address.add import Added, add_by_address
from authsome.connection.by_address.parts import Parts
from authsome.kit.caller import Caller, server_caller
from authsome.kit.clock import Clock
from authsome.principal.model import Role
from authsome.provider.discovery.web import Private, Web
from authsome.provider.find import list_providers
from authsome.runtime.limits import CountedLimits
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.oauth.web import HttpWeb
from authsome.store.transactions import Store
from authsome.testing.oauth.described import Described
from authsome.testing.oauth.serve import OAuthProvider
from tests.contract.nouns.people import KEEPER, Person, person
from tests.support.log import all_events

BASE = "http://localhost:7998"
PUBLIC = "https://authsome.example.org"


class PublicWeb(HttpWeb):
    """Real, but for one name that it takes for one which the whole world can reach."""

    async def check(self, url: str, private: Private) -> None:
        if url != PUBLIC:
            await super().check(url, private)


@dataclass
class Place:
    """`ann` is an admin."""

    store: Store
    clock: Clock
    described: Described
    ann: Person

    @property
    def provider(self) -> OAuthProvider:
        return self.described.provider

    @property
    def server(self) -> Caller:
        return server_caller(self.store.installation_id)

    def parts(self, *, base_url: str = BASE, web: Web | None = None, all_seconds: float = 10.0) -> Parts:
        return Parts(
            store=self.store,
            keeper=KEEPER,
            web=web or PublicWeb(Outside(extra_roots=self.provider.ca_file), all_seconds=all_seconds),
            limits=CountedLimits(self.store),
            clock=self.clock,
            base_url=base_url,
            installation_id=self.store.installation_id,
        )

    async def add(
        self,
        address: str | None = None,
        *,
        caller: Caller | None = None,
        name: str | None = "acme",
        private: list[str] | None = None,
        parts: Parts | None = None,
    ) -> Added:
        return await add_by_address(
            parts or self.parts(),
            caller=caller or self.ann.caller,
            address=self.described.address if address is None else address,
            name=name,
            private=[self.provider.place] if private is None else private,
        )

    async def custom(self) -> list[str]:
        """The names of the providers that were added."""
        found = await self.store.read(list_providers)
        return [one.name for one in found if not one.bundled]

    async def facts(self, *names: str) -> list[tuple[str, str | None]]:
        """Events of these names with their reasons or origins, in order."""
        found = [one for one in await all_events(self.store) if one.name in names]
        return [(one.name, one.fields.get("reason") or one.fields.get("origin")) for one in found]


async def place_at(store: Store, folder: Path, clock: Clock) -> Place:
    provider = OAuthProvider(folder / "acme", redirect_uri="")
    provider.server.clock = clock
    return Place(store, clock, Described(provider), await person(store, role=Role.ADMIN))
