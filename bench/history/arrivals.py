"""Who comes in on a day: people register and connect, agents register and are claimed, or are not."""

from __future__ import annotations

import random
from typing import Any

from authsome.auth_session.events import (
    AuthSessionCancelled,
    AuthSessionCompleted,
    AuthSessionExpired,
    AuthSessionFailed,
    AuthSessionStarted,
)
from authsome.claim.events import (
    IdentityClaimed,
    IdentityClaimExpired,
    IdentityClaimOpened,
    IdentityClaimRejected,
)
from authsome.connection.events import ConnectionCreated
from authsome.grant.events import GrantCreated
from authsome.identity.events import IdentityRegistered
from authsome.kit.event import Event
from authsome.principal.events import PrincipalRegistered
from bench.history.fact import Fact
from bench.history.people import PROVIDERS, Agent, Names, Person, provider_fields
from bench.history.plan import Day

SECOND = 1_000_000
DAY = 86_400 * SECOND
ROOM = DAY - 1_200 * SECOND  # so that what begins on a day also ends on it
ENDS = {AuthSessionCompleted: 90, AuthSessionFailed: 5, AuthSessionExpired: 3, AuthSessionCancelled: 2}
STEADY = 0.03  # of the agents work around the clock


class Arrivals:
    """Those who are here by now: `people`, `steady` agents, and all the `other` ones that are claimed."""

    def __init__(self, chance: random.Random, names: Names) -> None:
        self._chance = chance
        self._names = names
        self.people: list[Person] = []
        self.steady: list[Agent] = []
        self.other: list[Agent] = []

    def day(self, day: Day) -> list[Fact]:
        """What happens because of those who come."""
        facts: list[Fact] = []
        for _ in range(day.principals):
            self._person(facts, self._moment(day))
        for _ in range(day.identities if self.people else 0):
            self._agent(facts, self._moment(day))
        return facts

    def _moment(self, day: Day) -> int:
        return day.begins + self._chance.randrange(ROOM)

    def _person(self, facts: list[Fact], at: int) -> None:
        person = self._names.person()
        self.people.append(person)
        values = {
            "principal_id": person.id,
            "role": "member",
            "via": "invitation",
            "invitation_id": self._names.id("inv"),
        }
        facts.append(_by(person, at, PrincipalRegistered, values))
        for number in range(self._chance.choices((0, 1, 2, 3), (1, 6, 2, 1))[0]):
            self._connect(facts, person, at + (60 + 200 * number) * SECOND)

    def _connect(self, facts: list[Fact], person: Person, at: int) -> None:
        """An auth session, and the connection if it comes to one."""
        name = self._chance.choices(list(PROVIDERS), list(PROVIDERS.values()))[0]
        which = provider_fields(name)
        session = {"auth_session_id": self._names.id("aus"), "principal_id": person.id, "flow": "api_key"}
        session |= which
        facts.append(_by(person, at, AuthSessionStarted, session))
        end = self._chance.choices(list(ENDS), list(ENDS.values()))[0]
        at += self._chance.randrange(5, 120) * SECOND
        if end is AuthSessionFailed:
            session = {**session, "reason": "key_invalid"}
        if end is not AuthSessionCompleted:
            facts.append(_by(person, at, end, session))
            return
        connection = self._names.id("con")
        facts.append(_by(person, at, end, {**session, "connection_id": connection}))
        values = {
            "connection_id": connection,
            "principal_id": person.id,
            "flow": "api_key",
            "is_default": not person.connections,
            "vault_id": f"vlt_{person.id[4:]}",
            "connection_name": "default",
        }
        facts.append(_by(person, at + 1, ConnectionCreated, values | which))
        person.connections.append((connection, which))

    def _agent(self, facts: list[Fact], at: int) -> None:
        agent, claim = self._names.agent(), self._names.id("clm")
        named = {"identity_handle": agent.handle, "did": agent.did}
        of = {"claim_id": claim, **named}
        facts.append(_of(agent, at, IdentityRegistered, {"identity_id": agent.id, **of}))
        fate = self._chance.random()
        if fate > 0.92:
            facts.append(Fact(at + 900 * SECOND, "server", "srv", IdentityClaimExpired, of))
            return
        person = self._owner()
        decided = {"identity_id": agent.id, **of, "principal_id": person.id}
        at += self._chance.randrange(10, 600) * SECOND
        facts.append(_by(person, at, IdentityClaimOpened, {**of, "principal_id": person.id}))
        at += 20 * SECOND
        if fate > 0.90:
            facts.append(_by(person, at, IdentityClaimRejected, decided))
            return
        agent.owner = person.id
        granted = person.connections[:3]
        facts.append(_by(person, at, IdentityClaimed, {**decided, "connections_granted": len(granted)}))
        for number, (connection, which) in enumerate(granted, start=1):
            values = {"grant_id": self._names.id("grt"), "connection_id": connection, **which, **agent.named}
            facts.append(_by(person, at + number, GrantCreated, values))
            agent.uses.append({"connection_id": connection, **which, **agent.named})
        if agent.uses:
            (self.steady if self._chance.random() < STEADY else self.other).append(agent)

    def _owner(self) -> Person:
        """Mostly somebody who came lately, and a few people have many agents."""
        return self.people[-1 - int(len(self.people) * self._chance.random() ** 3)]


def _by(person: Person, at: int, event: type[Event], values: dict[str, Any]) -> Fact:
    return Fact(at, "principal", person.id, event, values)


def _of(agent: Agent, at: int, event: type[Event], values: dict[str, Any]) -> Fact:
    return Fact(at, "identity", agent.handle, event, values)
