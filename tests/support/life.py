"""An installation's life in which every keyed fact happens at least once, by the real use cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from authsome.auth_session.cancel import cancel
from authsome.auth_session.complete import complete, connect_with_key
from authsome.auth_session.expire import expire_overdue as expire_auth_sessions
from authsome.auth_session.fail import fail
from authsome.auth_session.model import FailureReason
from authsome.auth_session.start import start
from authsome.claim.decide import accept, reject
from authsome.claim.expire import expire_overdue as expire_claims
from authsome.claim.open import open_claim
from authsome.claim.register import Registered, register
from authsome.claim.release import release
from authsome.claim.revoke import revoke
from authsome.client.keys import new_key
from authsome.connection.create import create_with_tokens
from authsome.connection.first_use import note_first_use
from authsome.connection.log_out import log_out as log_connection_out
from authsome.connection.oauth.configure_client import configure_client
from authsome.connection.oauth.tokens import NO_END, Tokens
from authsome.connection.revocation.ask import end_revocation
from authsome.connection.revocation.model import RevocationOutcome
from authsome.connection.revoke import revoke as revoke_connection
from authsome.grant.access.approve_access import approve_access
from authsome.grant.access.deny_access import deny_access
from authsome.grant.access.request_access import request_access
from authsome.grant.change import change_grant
from authsome.grant.remove import remove_grant
from authsome.identity.did import encode
from authsome.identity.key_proof import prove
from authsome.identity.model import Identity
from authsome.identity.rotate_key import rotate_key
from authsome.kit.caller import Caller, server_caller
from authsome.kit.secret import Secret
from authsome.principal.invite import invite, offer_reset, offer_set_up
from authsome.principal.log_in import open_browser_session, open_terminal_session
from authsome.principal.log_out import log_out
from authsome.principal.model import Principal
from authsome.principal.password import Hasher
from authsome.principal.register import admit
from authsome.principal.replace_password import reset_password
from authsome.provider.register import register_provider
from authsome.provider.validate import read_definition
from authsome.run.complete import complete_run
from authsome.run.lost import end_lost
from authsome.run.start import start_run
from authsome.store.transactions import Store
from authsome.testing.clock import SeededEntropy, SimulatedClock
from authsome.vault.installation_key import InstallationKey
from authsome.vault.seal import Keeper

KEEPER = Keeper(InstallationKey(b"k" * 32), SeededEntropy(7))
KEY = Secret("sk-live-5f2b9c0d1e")
HOST = "localhost:7998"
CUSTOM = {
    "name": "acme",
    "display_name": "Acme",
    "hosts": ["api.acme.test", "*.acme.test:8443"],
    "inject": {"header": "Authorization", "template": "Bearer {api_key}"},
    "oauth": {
        "authorization_url": "https://acme.test/authorize",
        "token_url": "https://acme.test/token",
        "revocation_url": "https://acme.test/revoke",
    },
}


class Life:
    """One admin, who does everything that can be done. Two hours pass with each step."""

    def __init__(self, store: Store, clock: SimulatedClock) -> None:
        self.store = store
        self.clock = clock
        self.server = server_caller(store.installation_id)
        self.admin: Principal

    @property
    def caller(self) -> Caller:
        return replace(self.admin.as_caller(), confirmed=True)

    async def live(self) -> None:
        """All of it."""
        await self.people()
        await self.connections()
        await self.taken_back()
        await self.agents()

    async def people(self) -> None:
        self.admin = await self._join(await self.store.write(self.server, offer_set_up))
        session, _ = await self.store.write(self.caller, lambda work: open_browser_session(work, self.admin))
        await self.store.write(self.caller, lambda work: open_terminal_session(work, did="did:key:terminal"))
        leaving = replace(self.caller, session_id=session.id)
        await self.store.write(leaving, log_out)
        self._wait()
        _, link = await self.store.write(self.caller, invite)
        other = await self._join(link, "bea")
        reset = await self.store.write(self.caller, lambda work: offer_reset(work, principal_id=other.id))
        hasher = Hasher()
        await reset_password(
            self.store, hasher, self.server, link=reset, password=Secret("correct horse battery staple")
        )
        hasher.close()
        await self.store.write(
            self.caller, lambda work: register_provider(work, provider=read_definition(CUSTOM))
        )

    async def connections(self) -> None:
        for provider, name in (("openai", "default"), ("openai", "second"), ("acme", "default")):
            await connect_with_key(
                self.store, KEEPER, caller=self.caller, provider=provider, key=KEY, name=name
            )
            self._wait()
        session, _ = await self.store.write(self.caller, lambda work: start(work, provider="github"))
        await self.store.write(self.caller, lambda work: cancel(work, session_id=session.id))
        session, _ = await self.store.write(self.caller, lambda work: start(work, provider="github"))
        gone = FailureReason.PROVIDER_REMOVED
        await self.store.write(self.caller, lambda work: fail(work, session_id=session.id, reason=gone))
        await self.store.write(self.caller, lambda work: start(work, provider="github"))
        self._wait()
        await self.store.write(self.server, expire_auth_sessions)

    async def taken_back(self) -> None:
        """A connection by the provider's page, revoked here and there."""
        await self.store.write(
            self.caller,
            lambda work: configure_client(
                work,
                KEEPER,
                provider="acme",
                client_id="us",
                secret=None,
                installation_id=self.store.installation_id,
            ),
        )
        made = await self.store.write(
            self.caller,
            lambda work: create_with_tokens(
                work, KEEPER, provider="acme", name="pages", tokens=Tokens(access=KEY), life=NO_END
            ),
        )
        await self.store.write(
            self.caller, lambda work: revoke_connection(work, KEEPER, connection_id=made.id)
        )
        self._wait()
        (asked,) = await self.store.read(lambda view: view.revocations.list_pending())
        outcome = RevocationOutcome.REVOKED
        await self.store.write(
            self.server, lambda work: end_revocation(work, revocation_id=asked.id, outcome=outcome)
        )

    async def agents(self) -> None:
        live = await self.store.read(lambda view: view.connections.list_live(self.admin.id))
        chosen = [connection.id for connection in live]
        await self._turned_away()
        agent = await self._claimed(b"\x01", chosen)
        await self._work(agent, chosen)
        new = new_key()
        created = int(self.clock.now().timestamp())
        proof = prove(authority=HOST, old_did=agent.did, new_did=new.did, created=created, key=new.sign)
        rotated = await self.store.write(
            agent.as_caller(), lambda work: rotate_key(work, proof=proof, authority=HOST)
        )
        await self._work(rotated, [])
        grants = await self.store.read(lambda view: view.grants.list_live(identity_id=agent.id))
        await self.store.write(self.caller, lambda work: remove_grant(work, grant_id=grants[0].id))
        await self._asks(agent, grants[0].connection_id)
        self._wait()
        await self.store.write(self.caller, lambda work: release(work, identity_id=agent.id))
        second = await self._claimed(b"\x02", chosen[:1])
        await self.store.write(self.caller, lambda work: revoke(work, identity_id=second.id))
        await self.store.write(self.caller, lambda work: log_connection_out(work, connection_id=chosen[0]))
        await self.store.write(
            self.caller, lambda work: revoke_connection(work, KEEPER, connection_id=chosen[1])
        )

    async def _asks(self, agent: Identity, connection_id: str) -> None:
        """For what was taken away, and for what it is not given."""
        held = await self.store.read(lambda view: view.connections.find(connection_id))
        assert held is not None
        by, day = agent.as_caller(), timedelta(days=1)
        ask = partial(
            request_access, provider=held.provider, connection_name=held.name, note="for the builds"
        )
        asked = await self.store.write(by, partial(ask, lasting=day))
        approve = partial(approve_access, request_id=asked.id, connection_id=connection_id, lasting=day)
        grant = await self.store.write(self.caller, approve)
        await self.store.write(self.caller, partial(change_grant, grant_id=grant.id, lasting=2 * day))
        asked = await self.store.write(by, partial(request_access, provider="stripe"))
        await self.store.write(self.caller, partial(deny_access, request_id=asked.id))
        await self.store.write(by, partial(request_access, provider="gemini"))

    async def _turned_away(self) -> None:
        asked = await self._ask(b"\x03")
        self._wait()
        await self.store.write(self.server, expire_claims)
        asked = await self._ask(b"\x03")
        code = asked.code.reveal()
        await self.store.write(self.caller, lambda work: open_claim(work, token=asked.token))
        await self.store.write(self.caller, lambda work: reject(work, token=asked.token, code=code))

    async def _work(self, agent: Identity, used: list[str]) -> None:
        caller = agent.as_caller()
        if used:
            note = partial(note_first_use, connection_id=used[0], identity=agent)
            await self.store.write(caller, note)
        for ends in (0, -9):
            run, _ = await self.store.write(caller, lambda work: start_run(work, program="python"))
            self._wait()
            await self.store.write(caller, partial(complete_run, run_id=run.id, exit_code=ends))
        run, _ = await self.store.write(caller, lambda work: start_run(work, program="python"))
        await self.store.write(self.server, partial(end_lost, run_ids=[run.id]))
        _, link = await self.store.write(
            caller, lambda work: start(work, provider="github", name=agent.did[-8:].lower())
        )
        await self.store.write(self.caller, lambda work: complete(work, KEEPER, token=link, key=KEY))
        await self.store.write(caller, lambda work: start(work, provider="gemini"))
        await self.store.write(caller, lambda work: start_run(work, program="left-behind"))

    async def _claimed(self, seed: bytes, connection_ids: list[str]) -> Identity:
        asked = await self._ask(seed)
        code = asked.code.reveal()
        await self.store.write(self.caller, lambda work: open_claim(work, token=asked.token))
        return await self.store.write(
            self.caller,
            lambda work: accept(work, token=asked.token, code=code, connection_ids=connection_ids),
        )

    async def _ask(self, seed: bytes) -> Registered:
        did = encode(seed * 32)
        return await self.store.write(
            self.server, lambda work: register(work, did=did, label="builds", address_key="here")
        )

    async def _join(self, link: Secret | None, name: str = "ada") -> Principal:
        assert link is not None
        person = await self.store.write(
            self.server, lambda work: admit(work, link=link, email=f"{name}@example.org", hashed=None)
        )
        self._wait()
        return person

    def _wait(self) -> None:
        self.clock.advance(timedelta(hours=2))
