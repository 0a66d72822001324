"""Four processes with a hundred requests each wait for one spent token: the provider is asked once.

Also when the one that asks is killed, wherever that happens: then all others have the new token, or, where it
was lost with the dead process and the old one works only once, are told what to do. The provider is strict: a
second use of a refresh token would end the grant.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from authsome.connection.model import ConnectionState
from authsome.kit.clock import SystemClock
from authsome.kit.ids import Ids, SystemEntropy
from authsome.store.database import Database
from authsome.store.open import open_store
from tests.e2e.oauth.caller import CALLERS
from tests.support.oauth import Acme, acme_at

PROCESSES = 4
ROOT = Path(__file__).resolve().parents[3]


class Process:
    """One of the callers' processes."""

    def __init__(self, database_url: str, acme: Acme, connection_id: str, seam: str = "") -> None:
        roots = str(acme.provider.ca_file)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.oauth.caller", database_url, roots, connection_id, seam],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def expect(self, word: str) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == word

    def go(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def told(self) -> Counter[str]:
        """What its requests were told; nothing where it was killed."""
        out, _ = self._process.communicate(timeout=60)
        assert self._process.returncode in (0, -9)
        return Counter(json.loads(out)) if self._process.returncode == 0 else Counter()


@pytest.fixture
async def acme(database_url: str, tmp_path: Path) -> AsyncIterator[Acme]:
    """The provider at the database that the processes share; real time, for they are real."""
    clock, entropy = SystemClock(), SystemEntropy()
    store = await open_store(Database(database_url), clock=clock, ids=Ids(clock, entropy), entropy=entropy)
    made = await acme_at(store, tmp_path, clock)
    yield made
    made.provider.close()
    store.close()


async def test_four_processes_with_a_hundred_requests_each_ask_once(database_url: str, acme: Acme) -> None:
    connection = await acme.connect(expires_in=-10)
    acme.provider.answers_after = 0.3
    processes = [Process(database_url, acme, connection.id) for _ in range(PROCESSES)]
    for one in processes:
        one.expect("ready")
    for one in processes:
        one.go()
    told = sum((one.told() for one in processes), Counter())
    assert acme.provider.server.requests == ["granted"]
    assert list(told.values()) == [PROCESSES * CALLERS]
    assert acme.provider.server.is_live(next(iter(told)))


@pytest.mark.parametrize(
    ("seam", "asked", "told"),
    [
        ("taken", 1, "new"),
        ("noted", 0, "needs_reconnection"),
        ("sent", 1, "needs_reconnection"),
        ("answered", 1, "needs_reconnection"),
        ("sealed", 1, "new"),
    ],
)
async def test_also_when_the_one_that_asks_is_killed(
    database_url: str, acme: Acme, seam: str, *, asked: int, told: str
) -> None:
    connection = await acme.connect(expires_in=-10)
    acme.provider.answers_after = 1.5 if seam == "sent" else 0.0
    first = Process(database_url, acme, connection.id, seam)
    others = [Process(database_url, acme, connection.id) for _ in range(PROCESSES - 1)]
    for one in (first, *others):
        one.expect("ready")
    first.go()
    first.expect("taken")
    for one in others:
        one.go()
    assert first.told() == Counter(), "it was to be killed"
    answers = sum((one.told() for one in others), Counter())
    assert len(acme.provider.server.requests) == asked
    assert set(acme.provider.server.requests) <= {"granted"}
    assert list(answers.values()) == [(PROCESSES - 1) * CALLERS], "all are told the same"
    answer = next(iter(answers))
    assert answer == told or (told == "new" and acme.provider.server.is_live(answer))
    after = await acme.look(connection)
    usable = ConnectionState.CONNECTED if told == "new" else ConnectionState.NEEDS_RECONNECTION
    assert (after.state, after.version) == (usable, 2 if told == "new" else 1)


async def test_a_token_that_may_be_used_again_is_asked_for_again(database_url: str, acme: Acme) -> None:
    """Where refresh tokens do not rotate, a killed process costs its successor a question and nobody else."""
    acme.provider.server.rotates = False
    connection = await acme.connect(expires_in=-10)
    await declare_that_tokens_stay(acme)
    first, other = (
        Process(database_url, acme, connection.id, "answered"),
        Process(database_url, acme, connection.id),
    )
    for one in (first, other):
        one.expect("ready")
    first.go()
    first.expect("taken")
    other.go()
    assert first.told() == Counter()
    answers = other.told()
    assert acme.provider.server.requests == ["granted", "granted"]
    assert list(answers.values()) == [CALLERS]
    assert acme.provider.server.is_live(next(iter(answers)))


async def declare_that_tokens_stay(acme: Acme) -> None:
    """The provider's definition says so."""
    from sqlalchemy import select, update

    from authsome.store.tables.registry import provider
    from authsome.store.unit_of_work import UnitOfWork

    def change(work: UnitOfWork) -> None:
        held = work.connection.execute(select(provider.c.definition)).scalar_one()
        held["oauth"]["refresh_tokens_rotate"] = False
        work.connection.execute(update(provider).values(definition=held))

    await acme.store.write(acme.ann.caller, change)
