"""`kill -9` in the middle of registrations: every committed row has one delivered event, and no other has.

A server is killed while two hundred agents register, PostHog (the simulator) answers slowly, refuses, or
takes a batch and says nothing. After a restart the registry and what PostHog keeps are the same set.
"""

from __future__ import annotations

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from authsome.testing.posthog.misbehaviour import Answer, Drop, Misbehaviour
from authsome.testing.posthog.simulator import KEY, PostHogSimulator
from tests.e2e.crash.registering import try_to_register
from tests.support.server import RealServer
from tests.support.waiting import eventually

AGENTS = 200
TROUBLE: tuple[Misbehaviour, ...] = (Answer(status=503), Drop(), Answer(status=429))


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("round_", range(3))
def test_a_killed_server_loses_and_invents_nothing(database_url: str, tmp_path: Path, round_: int) -> None:
    check_round(database_url, tmp_path, seed=round_)


@pytest.mark.deep
@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("round_", range(20))
def test_twenty_killed_servers_lose_and_invent_nothing(
    database_url: str, tmp_path: Path, round_: int
) -> None:
    seed = int.from_bytes(os.urandom(4))
    print(f"seed {seed}")
    check_round(database_url, tmp_path, seed=seed)


def check_round(database_url: str, folder: Path, *, seed: int) -> None:
    chance = random.Random(seed)
    embedded = database_url.startswith("sqlite")
    with PostHogSimulator() as posthog:
        settings = {
            "AUTHSOME_ENV": "prod",
            "AUTHSOME_POSTHOG_API_KEY": KEY,
            "AUTHSOME_POSTHOG_HOST": posthog.url,
            "AUTHSOME_DO_NOT_TRACK": "0",
            "AUTHSOME_PENDING_PER_ADDRESS": "100000",
            "AUTHSOME_PENDING_IN_ALL": "100000",
        } | ({} if embedded else {"AUTHSOME_DATABASE_URL": database_url})
        with RealServer(folder / "home", **settings) as server:
            posthog.next(*(chance.choice(TROUBLE) for _ in range(2)))
            answered = register_and_kill(server, after=chance.randrange(10, AGENTS - 10))
            server.start()
            url = f"sqlite:///{folder}/home/server/registry.db" if embedded else database_url
            committed = registered(url)
            assert answered <= committed, "an answer was given for something that was not committed"
            eventually(lambda: len(taken(posthog)) >= len(committed), within=60, what="delivery")
            delivered = taken(posthog)
    assert set(delivered) == committed
    assert len(delivered) == len(committed), "doubled in effect"


def register_and_kill(server: RealServer, *, after: int) -> set[str]:
    """Register until so many were answered, then kill. Returns the dids of those who got an answer."""
    answered: set[str] = set()
    lock, killed = threading.Lock(), threading.Event()
    port, authority = server.file.port, server.base_url.removeprefix("http://")

    def one(_number: int) -> None:
        if killed.is_set():
            return
        told = try_to_register(port, authority)
        with lock:
            if told is not None:
                answered.add(told["did"])
            if len(answered) >= after and not killed.is_set():
                killed.set()
                server.kill()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(AGENTS)))
    assert killed.is_set()
    return answered


def registered(url: str) -> set[str]:
    """The dids of all committed identities, read from the database itself."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = set(connection.execute(text("SELECT did FROM identity")).scalars())
    engine.dispose()
    return found


def taken(posthog: PostHogSimulator) -> list[str]:
    """The dids of the registrations that PostHog keeps, after its own de-duplication."""
    return [str(e.properties["did"]) for e in posthog.events if e.name == "identity_registered"]
