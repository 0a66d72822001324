"""Two servers on one PostgreSQL, killed at random while PostHog misbehaves: nothing lost, doubled, invented.

Agents register and a person claims some of them all the while, over HTTP. One agent is such that PostHog
refuses every batch that names it.
"""

from __future__ import annotations

import os
import random
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, text

from authsome.testing.person import PageRefused, Person
from authsome.testing.posthog import Answer, Drop, Hang, Misbehaviour, PostHogSimulator, Slow
from tests.e2e.crash.pair import arrived, committed, compare, looking, two_servers
from tests.e2e.crash.registering import try_to_register
from tests.support.server import RealServer
from tests.support.waiting import eventually

PASSWORD = "correct-horse-battery"
TROUBLE: tuple[Misbehaviour, ...] = (
    Answer(status=413),
    Answer(status=429, retry_after="1"),
    Answer(status=500),
    Answer(status=500, take=True),
    Answer(status=503, retry_after="1"),
    Drop(),
    Drop(take=True),
)
MOODS = (*TROUBLE, *[Slow(seconds=0.0)] * len(TROUBLE))


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_servers_lose_and_invent_nothing(database_url: str, tmp_path: Path) -> None:
    check_round(database_url, tmp_path, seed=7, kills=3)


@pytest.mark.deep
@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("round_", range(8))
def test_two_servers_that_are_killed_again_and_again(database_url: str, tmp_path: Path, round_: int) -> None:
    seed = int.from_bytes(os.urandom(4))
    print(f"seed {seed}")
    check_round(database_url, tmp_path, seed=seed, kills=12)


def check_round(database_url: str, folder: Path, *, seed: int, kills: int) -> None:
    chance = random.Random(seed)
    with PostHogSimulator() as posthog, two_servers(folder, database_url, posthog) as servers:
        posthog.always(Answer(status=503))
        bad = register_at(servers[0])
        assert bad is not None
        become_first_principal(servers[0])
        posthog.behave()
        posthog.refuses = frozenset({bad["handle"]})
        posthog.next(Hang(take=True))
        with Crowd(servers, posthog, chance) as crowd:
            for _ in range(kills):
                time.sleep(chance.uniform(0.3, 2.0))
                server = chance.choice(servers)
                server.kill()
                server.start()
        assert crowd.answered
        settle(servers, posthog, database_url, bad=bad["handle"])
        with looking(database_url) as connection:
            compare(connection, posthog)
            agents = set(connection.execute(text("SELECT handle FROM identity")).scalars())
        assert crowd.answered <= agents, "an answer was given for something that was not committed"
        assert crowd.claimed <= {
            event.properties["identity_handle"]
            for event in posthog.events
            if event.name == "identity_claimed"
        }


def settle(servers: list[RealServer], posthog: PostHogSimulator, database_url: str, *, bad: str) -> None:
    """PostHog goes on refusing the one; once that is mended, it is put back. All others have arrived."""
    posthog.behave()
    posthog.refuses = frozenset({bad})
    for server in servers:  # what the host asked of others binds nobody that starts later
        server.kill()
        server.start()
    with looking(database_url) as connection:
        refused = refused_for_ever(connection, bad)
        eventually(
            lambda: committed(connection) - refused <= arrived(posthog).keys(), within=90, what="delivery"
        )
        assert not refused & arrived(posthog).keys()
        eventually(lambda: dead_letters(connection) == refused, what="the dead letter")
        posthog.behave()
        connection.execute(text("UPDATE dead_letter SET state = 'retrying'"))  # `dead-letters retry --all`
        eventually(lambda: committed(connection) <= arrived(posthog).keys(), within=60, what="the last one")


def refused_for_ever(connection: Connection, bad: str) -> set[str]:
    query = text("SELECT uuid FROM event_log WHERE subject_id = :bad")
    return set(connection.execute(query, {"bad": bad}).scalars())


def dead_letters(connection: Connection) -> set[str]:
    """The uuids of the facts that lie there as refused."""
    query = text(
        "SELECT e.uuid FROM dead_letter d JOIN event_log e ON e.id = d.event_id WHERE state = 'refused'"
    )
    return set(connection.execute(query).scalars())


class Crowd:
    """Agents and a person at both servers, and a PostHog that is seldom well, while the block runs."""

    def __init__(self, servers: list[RealServer], posthog: PostHogSimulator, chance: random.Random) -> None:
        self.servers = servers
        self.posthog = posthog
        self.answered: set[str] = set()
        self.claimed: set[str] = set()
        self._chance = random.Random(chance.random())
        self._unclaimed: list[dict[str, Any]] = []
        self._enough = threading.Event()
        loops = (self._register, self._register, self._claim, self._trouble)
        self._threads = [threading.Thread(target=loop) for loop in loops]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _register(self) -> None:
        while not self._enough.wait(0.05):
            told = register_at(self._chance.choice(self.servers))
            if told is not None:
                self.answered.add(told["handle"])
                self._unclaimed.append(told)

    def _claim(self) -> None:
        while not self._enough.wait(0.2):
            if self._unclaimed:
                told = self._unclaimed.pop()
                with suppress(OSError, AssertionError, httpx.HTTPError, PageRefused):
                    claim(self._chance.choice(self.servers), told)
                    self.claimed.add(told["handle"])

    def _trouble(self) -> None:
        while not self._enough.wait(0.2):
            self.posthog.next(self._chance.choice(MOODS))


def register_at(server: RealServer) -> dict[str, Any] | None:
    try:
        return try_to_register(server.file.port, server.base_url.removeprefix("http://"))
    except (OSError, AssertionError):  # it is down just now, or going
        return None


def become_first_principal(server: RealServer) -> None:
    link = httpx.Response(200, text=server.command("up", "--json", check=True).stdout).json()["set_up_url"]
    person = Person(server.base_url)
    twice = [("password", PASSWORD), ("password_again", PASSWORD)]
    person.submit(link, [("email", "ada@example.org"), *twice])
    person.close()


def claim(server: RealServer, told: dict[str, Any]) -> None:
    """The way of a person: log in, open the link, give the code, decide."""
    person = Person(server.base_url)
    try:
        person.submit("/log-in", [("email", "ada@example.org"), ("password", PASSWORD)])
        page = person.submit(told["claim_url"], [("code", told["code"])])
        person.submit(told["claim_url"], [("password", PASSWORD), ("decision", "claim")], page=page)
    finally:
        person.close()
