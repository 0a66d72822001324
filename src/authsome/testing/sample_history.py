"""Some months of an installation's life, made by the real use cases under a simulated clock.

Everything in it is made up and says so: addresses end in `sample.invalid`, agents are labelled `sample`.
Nobody in it has a password, so nobody in it can sign in. The same seed makes the same history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from authsome.auth_session.cancel import cancel
from authsome.auth_session.complete import complete
from authsome.auth_session.expire import expire_overdue as expire_auth_sessions
from authsome.auth_session.fail import fail
from authsome.auth_session.model import FailureReason
from authsome.auth_session.start import start
from authsome.claim.decide import accept, reject
from authsome.claim.expire import expire_overdue as expire_claims
from authsome.claim.open import open_claim
from authsome.claim.register import register as register_identity
from authsome.connection.log_out import log_out
from authsome.connection.revoke import revoke
from authsome.identity.did import encode
from authsome.identity.model import Identity
from authsome.kit.caller import Caller, server_caller
from authsome.kit.ids import Ids, SystemEntropy
from authsome.kit.secret import Secret
from authsome.principal.invite import invite
from authsome.principal.log_in import open_browser_session
from authsome.principal.model import Principal
from authsome.principal.register import admit
from authsome.run.complete import complete_run
from authsome.run.start import start_run
from authsome.store.database import Database
from authsome.store.open import open_store
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from authsome.testing.sample_tokens import TokenLife
from authsome.testing.sample_use import HOUR, record_an_hour
from authsome.vault.seal import Keeper

PROVIDERS = {"openai": 9, "github": 7, "anthropic": 6, "gemini": 3, "stripe": 2}
DOMAIN = "sample.invalid"


@dataclass(frozen=True, slots=True)
class Amount:
    """How much history to make."""

    principals: int = 240
    days: int = 150


async def write_sample_history(
    database_url: str,
    keeper: Keeper,
    *,
    admin_id: str,
    until: datetime,
    amount: Amount | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Fill the database with a history that ends at `until`; returns how many principals it has.

    `admin_id` is the real admin, who is said to have invited them all.
    """
    amount = amount or Amount()
    clock, entropy = SimulatedClock(until), SystemEntropy()
    database = Database(database_url)
    store = await open_store(database, clock=clock, ids=Ids(clock, entropy), entropy=entropy)
    try:
        admin = await store.read(lambda view: view.principals.find(admin_id))
        assert admin is not None
        clock.moment = until - timedelta(days=amount.days + 1)
        writer = _Writer(store, keeper, clock, admin=admin)
        await writer.begin()
        for number, moment in enumerate(_arrivals(amount, until), start=1):
            clock.moment = moment
            await writer.live(number, until)
            progress(number, amount.principals)
    finally:
        store.close()
    return amount.principals


def _arrivals(amount: Amount, until: datetime) -> Iterator[datetime]:
    """More people come in later weeks, and fewer on weekends."""
    random = Random(amount.principals)
    moments: list[datetime] = []
    while len(moments) < amount.principals:
        share = random.random() ** 0.6
        moment = until - timedelta(days=amount.days * (1 - share), minutes=random.randrange(720))
        if moment.weekday() < 5 or random.random() < 0.2:
            moments.append(moment)
    return iter(sorted(moments))


class _Writer:
    """One made-up person after another."""

    def __init__(self, store: Store, keeper: Keeper, clock: SimulatedClock, *, admin: Principal) -> None:
        self._store = store
        self._keeper = keeper
        self._clock = clock
        self._admin = admin.as_caller()
        self._server = server_caller(store.installation_id)
        self._random = Random(7)
        self._tokens = TokenLife(store, keeper, clock, Random(11))

    async def begin(self) -> None:
        """What an admin does before anybody comes."""
        await self._tokens.begin(self._admin)

    async def live(self, number: int, until: datetime) -> None:
        """A person joins, connects providers, claims agents, and some of them run."""
        person = await self._join(number)
        caller = replace(person.as_caller(), confirmed=True)
        connections = []
        for _ in range(self._random.choice((0, 1, 1, 2, 2, 3))):
            self._wait(hours=30)
            if self._clock.moment < until:
                connections += await self._connect(caller)
        if self._random.random() < 0.3 and self._clock.moment < until:
            connections += await self._tokens.live(caller, until)
        connections = await self._put_some_away(caller, connections, until)
        for _ in range(self._random.choice((0, 1, 1, 1, 2, 3))):
            self._wait(hours=50)
            if self._clock.moment < until:
                identity = await self._claim(caller, connections)
                if identity is not None:
                    await self._run(identity, connections, person, until)

    async def _join(self, number: int) -> Principal:
        _, link = await self._store.write(self._admin, invite)
        self._wait(hours=4)
        email = f"person-{number:04d}@{DOMAIN}"
        person = await self._store.write(
            self._server, lambda work: admit(work, link=link, email=email, hashed=None)
        )
        await self._store.write(person.as_caller(), lambda work: open_browser_session(work, person))
        return person

    async def _connect(self, caller: Caller) -> list[str]:
        name = self._random.choices(list(PROVIDERS), list(PROVIDERS.values()))[0]
        own_name = f"sample-{self._random.randrange(10**6):06d}"
        session, token = await self._store.write(
            caller, lambda work: start(work, provider=name, name=own_name)
        )
        self._wait(minutes=8)
        fate = self._random.random()
        if fate < 0.08:
            self._clock.advance(timedelta(hours=1))
            await self._store.write(self._server, expire_auth_sessions)
        elif fate < 0.16:
            await self._store.write(
                caller, lambda work: fail(work, session_id=session.id, reason=FailureReason.KEY_INVALID)
            )
        elif fate < 0.19:
            await self._store.write(caller, lambda work: cancel(work, session_id=session.id))
        else:
            key = Secret("sample-" + "0" * 24)
            _, made = await self._store.write(
                caller, lambda work: complete(work, self._keeper, token=token, key=key)
            )
            return [made.id]
        return []

    async def _claim(self, caller: Caller, connections: list[str]) -> Identity | None:
        did = encode(self._store.entropy.bytes(32))
        asked = await self._store.write(
            self._server,
            lambda work: register_identity(work, did=did, label="sample", address_key="sample"),
        )
        code, fate = asked.code.reveal(), self._random.random()
        self._wait(minutes=20)
        if fate < 0.08:
            self._clock.advance(timedelta(hours=2))
            await self._store.write(self._server, expire_claims)
            return None
        await self._store.write(caller, lambda work: open_claim(work, token=asked.token))
        if fate < 0.14:
            await self._store.write(caller, lambda work: reject(work, token=asked.token, code=code))
            return None
        return await self._store.write(
            caller,
            lambda work: accept(work, token=asked.token, code=code, connection_ids=connections),
        )

    async def _run(
        self, identity: Identity, connections: list[str], owner: Principal, until: datetime
    ) -> None:
        """Half of the agents run a few times, the others from then on."""
        lasting = self._random.random() < 0.5
        agent, claimed_at = identity.as_caller(), self._clock.moment
        for _ in range(60 if lasting else self._random.randrange(4)):
            self._clock.advance(timedelta(hours=1))
            self._wait(hours=150 if lasting else 90)
            if self._clock.moment + HOUR >= until or self._random.random() < 0.02:
                break  # use is told when its hour is over, and at `until` that one is not
            run, _ = await self._store.write(agent, lambda work: start_run(work, program="sample"))
            hour = partial(
                record_an_hour,
                identity=identity,
                connection_ids=connections,
                owner=owner.as_caller(),
                random=self._random,
            )
            await self._store.write(self._server, hour)
            if self._random.random() < 0.3:
                await self._store.write(owner.as_caller(), lambda work: open_browser_session(work, owner))
            self._wait(minutes=30)
            await self._store.write(agent, partial(complete_run, run_id=run.id, exit_code=0))
        self._clock.moment = claimed_at  # the next agent does not wait for this one

    async def _put_some_away(self, caller: Caller, connections: list[str], until: datetime) -> list[str]:
        """Some connections end three weeks later without an agent; returns the others."""
        now, kept = self._clock.moment, []
        for one in connections:
            self._clock.moment = now + timedelta(days=21)
            if self._clock.moment >= until or self._random.random() > 0.15:
                kept.append(one)
                continue
            leaves = self._random.random() < 0.7
            end = partial(log_out) if leaves else partial(revoke, keeper=self._keeper)
            await self._store.write(caller, partial(end, connection_id=one))
        self._clock.moment = now
        return kept

    def _wait(self, *, hours: float = 0, minutes: float = 0) -> None:
        most = timedelta(hours=hours, minutes=minutes)
        self._clock.advance(most * self._random.random() + timedelta(seconds=5))
