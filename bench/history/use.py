"""What those who are here do on a day: mostly use, reported for each hour that is over."""

from __future__ import annotations

import random
from typing import Any

from authsome.connection.events import ConnectionLoggedOut, CredentialsUsed
from authsome.grant.events import RequestDenied
from authsome.kit.clock import from_micros, rfc3339
from authsome.principal.events import PrincipalLoggedIn
from authsome.run.events import RunCompleted, RunStarted
from bench.history.arrivals import DAY, SECOND, Arrivals
from bench.history.fact import Fact
from bench.history.people import Agent

HOUR = 3_600 * SECOND
LOG_INS, DENIALS, ENDINGS, STEADY = 0.04, 0.01, 0.002, 0.7  # shares of what is left of a day
RARE = {"credential_rejected": 0.02, "upstream_failed": 0.01, "refused": 0.005}


class Use:
    """The activity of those who have arrived."""

    def __init__(self, chance: random.Random, arrivals: Arrivals) -> None:
        self._chance = chance
        self._here = arrivals
        self._ended: set[str] = set()

    def day(self, begins: int, budget: int) -> list[Fact]:
        """`budget` facts of the day, once there are people."""
        if budget <= 0 or not self._here.people:
            return []
        self._hours = [rfc3339(from_micros(begins + hour * HOUR)) for hour in range(24)]
        facts: list[Fact] = []
        if self._here.other:
            self._agents(facts, begins, int(budget * (1 - LOG_INS)))
        while len(facts) < budget:
            facts.append(self._log_in(begins))
        return facts[:budget]

    def _agents(self, facts: list[Fact], begins: int, budget: int) -> None:
        for _ in range(int(budget * DENIALS)):
            facts.append(self._denied(begins))
        for _ in range(int(budget * ENDINGS)):
            facts.append(self._end(begins))
        for agent in self._here.steady:
            if len(facts) >= budget * STEADY:
                break
            self._busy(facts, agent, begins, range(24))
        seen: set[str] = set()
        while len(facts) < budget:
            agent = self._someone()
            if agent.handle in seen:
                facts.append(self._log_in(begins))
                continue
            seen.add(agent.handle)
            first = self._chance.randrange(24)
            hours = range(first, min(24, first + self._chance.choices((1, 2, 4), (6, 3, 1))[0]))
            self._run(facts, agent, begins, hours)
            self._busy(facts, agent, begins, hours)

    def _someone(self) -> Agent:
        """Mostly an agent that came lately: others were put away."""
        other = self._here.other
        return other[-1 - int(len(other) * self._chance.random() ** 2)]

    def _busy(self, facts: list[Fact], agent: Agent, begins: int, hours: range) -> None:
        chance, append = self._chance.random, facts.append
        for hour in hours:
            at, start = begins + (hour + 1) * HOUR - 1, self._hours[hour]
            for use in agent.uses:
                if use["connection_id"] in self._ended:
                    continue
                count = min(5_000, int(1 / (1 - chance())))
                append(_used(at, start, agent, use, "delivered", count))
                if (lot := chance()) < 0.02:
                    rare = next(name for name, share in RARE.items() if lot < share or name == "refused")
                    append(_used(at, start, agent, use, rare, 1))

    def _run(self, facts: list[Fact], agent: Agent, begins: int, hours: range) -> None:
        at = begins + hours[0] * HOUR + self._chance.randrange(HOUR // 2)
        seconds = self._chance.randrange(2, 1_500)
        run = {"run_id": f"run_01k{self._chance.getrandbits(92):023x}", **agent.named}
        facts.append(Fact(at, "identity", agent.handle, RunStarted, run))
        ended = {**run, "outcome": "completed" if self._chance.random() < 0.9 else "failed"}
        ended["seconds"] = seconds
        facts.append(Fact(at + seconds * SECOND, "identity", agent.handle, RunCompleted, ended))

    def _denied(self, begins: int) -> Fact:
        agent = self._someone()
        values = {**agent.named, "reason": "not_granted", "host": "api.example.org"}
        return Fact(self._moment(begins), "identity", agent.handle, RequestDenied, values)

    def _end(self, begins: int) -> Fact:
        person = self._here.people[int(len(self._here.people) * self._chance.random())]
        if not person.connections:
            return self._log_in(begins)
        connection, which = person.connections.pop()
        self._ended.add(connection)
        values: dict[str, Any] = {"connection_id": connection, "principal_id": person.id, **which}
        return Fact(self._moment(begins), "principal", person.id, ConnectionLoggedOut, values)

    def _log_in(self, begins: int) -> Fact:
        person = self._here.people[-1 - int(len(self._here.people) * self._chance.random() ** 2)]
        session = f"ses_01k{self._chance.getrandbits(92):023x}"
        values = {"principal_id": person.id, "session_id": session, "kind": "browser"}
        return Fact(self._moment(begins), "principal", person.id, PrincipalLoggedIn, values)

    def _moment(self, begins: int) -> int:
        return begins + self._chance.randrange(DAY)


def _used(at: int, start: str, agent: Agent, use: dict[str, Any], outcome: str, count: int) -> Fact:
    key = f"{start}:{agent.id}:{use['connection_id']}:proxy:{outcome}"
    values = {**use, "usage_key": key, "surface": "proxy", "outcome": outcome, "count": count}
    return Fact(at, "server", "srv", CredentialsUsed, values)
