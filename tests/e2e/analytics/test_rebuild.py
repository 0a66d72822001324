"""`authsome analytics rebuild`, by the real command line: also where the server is killed in the middle."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from authsome.kit.clock import SystemClock
from authsome.store.database import sqlite_url
from authsome.testing.clock import SimulatedClock
from tests.e2e.cli.house import House
from tests.support.databases import store_at
from tests.support.history import log, registered
from tests.support.waiting import eventually

FACTS = 20_000
ROLLUPS = ("rollup_daily", "rollup_subject", "rollup_milestone")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ada is signed in, and her installation has a long log."""
    made = House(tmp_path_factory.mktemp("rebuilt"))
    made.start()
    made.set_up()
    made.sign_in()
    made.kill()
    asyncio.run(add_facts(made.home / "server"))
    made.start()
    eventually(lambda: position(made) > FACTS, within=30, what="the numbers")
    yield made
    made.close()


async def add_facts(folder: Path) -> None:
    store = await store_at(sqlite_url(folder), SimulatedClock(SystemClock().now()))
    for first in range(0, FACTS, 1_000):
        numbers = range(first, first + 1_000)
        await log(store, *((store.clock.now(), registered(f"prn_{number}")) for number in numbers))
    store.close()


def position(house: House) -> int:
    return int(rows(house, "cursor WHERE reader = 'analytics'")[0][1])


def rows(house: House, *tables: str) -> list[Any]:
    with closing(sqlite3.connect(house.home / "server" / "ledger.db")) as ledger:
        return [row for table in tables for row in ledger.execute(f"SELECT * FROM {table}")]


def registrations(house: House) -> list[Any]:
    return sorted(str(row) for row in rows(house, *ROLLUPS) if row[0] == "principal_registered")


def test_a_rebuild_is_waited_for_and_says_what_it_did(house: House) -> None:
    before = registrations(house)
    done = house.ask("analytics", "rebuild")
    assert not done["under_way"]
    assert done["folded"] == done["facts"] > FACTS
    assert registrations(house) == before
    said = house.command("analytics", "rebuild")
    assert said.returncode == 0
    assert "The numbers are made anew" in said.stdout


def test_a_server_that_is_killed_in_the_middle_goes_on_when_it_is_back(house: House) -> None:
    before = registrations(house)
    waiting = house.begin("analytics", "rebuild", "--json")
    eventually(lambda: 0 < position(house) < FACTS, within=30, what="half a rebuild")
    house.kill()
    assert position(house) < FACTS
    house.start()
    code, said = waiting.finish()
    assert code == 0, said
    assert registrations(house) == before


def test_an_agent_may_not_ask_for_it(house: House) -> None:
    refused = house.command("analytics", "rebuild", AUTHSOME_HOME=str(house.home / "nobody"))
    assert refused.returncode != 0
    assert "sign-in" in refused.stderr
