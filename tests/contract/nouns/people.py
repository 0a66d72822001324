"""A principal, an agent, and what they need, put straight into a store's tables."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from authsome.claim.decide import accept
from authsome.claim.register import Registered, register
from authsome.identity.model import Identity, IdentityState
from authsome.kit.caller import Caller, server_caller
from authsome.principal.model import Principal, PrincipalState, Role
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SeededEntropy
from authsome.vault.installation_key import InstallationKey
from authsome.vault.seal import Keeper

KEEPER = Keeper(InstallationKey(b"k" * 32), SeededEntropy(7))


@dataclass(frozen=True)
class Person:
    """A principal with one claimed agent."""

    principal: Principal
    agent: Identity

    @property
    def id(self) -> str:
        return self.principal.id

    @property
    def caller(self) -> Caller:
        return self.principal.as_caller()

    @property
    def confirmed(self) -> Caller:
        return dataclasses.replace(self.caller, confirmed=True)

    @property
    def agent_caller(self) -> Caller:
        return self.agent.as_caller()


async def person(
    store: Store, name: str = "ann", *, role: Role = Role.MEMBER, state: IdentityState = IdentityState.CLAIMED
) -> Person:
    """Add them without the use cases that would, which have tests of their own."""

    def add(work: UnitOfWork) -> Person:
        work.quiet("a test's starting point")
        principal = Principal(
            id=work.new_id("prn"),
            email=f"{name}@example.org",
            role=role,
            state=PrincipalState.ACTIVE,
            created_at=work.now,
        )
        work.principals.add(principal)
        identity_id = work.new_id("idn")
        agent = Identity(
            id=identity_id,
            did=f"did:key:{identity_id}",
            handle=f"test-{name}-agent-{identity_id[-4:]}",
            state=state,
            principal_id=principal.id if state is not IdentityState.PENDING else None,
            created_at=work.now,
            claimed_at=work.now if state is IdentityState.CLAIMED else None,
        )
        work.identities.add(agent)
        return Person(principal, agent)

    return await store.write(store_server(store), add)


def store_server(store: Store) -> Caller:
    """The installation itself, asking."""
    return server_caller(store.installation_id)


async def release(store: Store, agent: Identity, to: str | None = None) -> Identity:
    """End the claim, and where `to` is given let that principal claim the agent."""
    state = IdentityState.CLAIMED if to else IdentityState.RELEASED
    changed = dataclasses.replace(agent, state=state, principal_id=to)

    def write(work: UnitOfWork) -> None:
        work.quiet("a test's starting point")
        work.identities.update(changed)

    await store.write(store_server(store), write)
    return changed


async def ask_to_be_claimed(store: Store, did: str) -> Registered:
    """What the holder of the key is told."""
    return await store.write(
        store_server(store), lambda work: register(work, did=did, label=None, address_key="a")
    )


async def claimed(store: Store, who: Person, did: str, *connection_ids: str) -> Identity:
    """An agent with this key, claimed by the use cases, that may use these connections."""
    made = await ask_to_be_claimed(store, did)
    code = made.code.reveal()
    return await store.write(
        who.confirmed,
        lambda work: accept(work, token=made.token, code=code, connection_ids=connection_ids),
    )
