"""Facts for people's own tools: three formats of one truth, whole or not there, and nobody who was erased."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from authsome.kit.clock import SystemClock
from authsome.kit.ids import Ids, SystemEntropy
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.store.database import Database, sqlite_url
from authsome.store.open import open_store
from tests.e2e.cli.house import PASSWORD, House
from tests.support.history import log
from tests.support.server import AUTHSOME
from tests.support.waiting import eventually

MANY = 10_000  # so many pages that a reader can be caught between two of them


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ada is signed in and has an agent, and the log is long."""
    made = House(tmp_path_factory.mktemp("export"))
    made.start()
    made.set_up()
    made.command("down", check=True)
    asyncio.run(fill(made.home / "server"))
    made.start()
    made.sign_in()
    made.onboard(made.connect())
    yield made
    made.close()


async def fill(folder: Path) -> None:
    """Log-ins of people who were never registered: only their number matters."""
    clock, entropy = SystemClock(), SystemEntropy()
    store = await open_store(
        Database(sqlite_url(folder)), clock=clock, ids=Ids(clock, entropy), entropy=entropy
    )
    try:
        facts = [
            PrincipalLoggedIn(principal_id=f"prn_{n}", session_id=f"ses_{n}", kind=SessionKind.BROWSER)
            for n in range(MANY)
        ]
        await log(store, *((clock.now(), fact) for fact in facts))
    finally:
        store.close()


def export(house: House, *options: str) -> str:
    return house.command("analytics", "export", *options, check=True).stdout


def from_lines(text: str) -> list[dict[str, Any]]:
    facts = [json.loads(line) for line in text.splitlines()]
    return [{name: one for name, one in fact.items() if name != "fields"} | fact["fields"] for fact in facts]


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_the_three_formats_hold_the_same(settled: House, tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    said = settled.command("analytics", "export", "--output", str(path), check=True)
    last = int(said.stderr.split()[-1])
    lines = from_lines(export(settled))
    lines = [fact for fact in lines if fact["position"] <= last]
    assert len(lines) > MANY
    assert f"Wrote {len(lines):,} facts to {path}" in said.stderr
    with duckdb.connect() as database:
        found = database.read_parquet(str(path))
        times = [row[0] for row in found.project("epoch_us(time)").fetchall()]
        names, others = found.columns, [name for name in found.columns if name != "time"]
        rows = found.project("* EXCLUDE (time)").fetchall()  # it gives times only to who has pytz
    parquet = [dict(zip(others, row, strict=True)) for row in rows]
    table = csv.DictReader(io.StringIO(export(settled, "--format", "csv"), newline=""))
    rows_of_csv = [row for row in table if int(row["position"]) <= last]
    assert table.fieldnames == names
    assert [one["time"] for one in lines] == sorted(one["time"] for one in lines)
    assert times == [round(datetime.fromisoformat(one["time"]).timestamp() * 1e6) for one in lines]
    for fact, typed, row in zip(lines, parquet, rows_of_csv, strict=True):
        assert {name: fact.get(name) for name in others} == typed
        assert {name: text_of(fact.get(name)) for name in names} == row


def test_events_and_days_are_chosen(settled: House) -> None:
    claimed = from_lines(export(settled, "--event", "identity_claimed", "--event", "identity_registered"))
    assert {one["event"] for one in claimed} == {"identity_claimed", "identity_registered"}
    assert {one["identity_handle"] for one in claimed} == {one["handle"] for one in settled.ask("identities")}
    assert export(settled, "--until", "2020-01-31") == ""
    assert from_lines(export(settled, "--since", "1d", "--event", "identity_claimed"))
    after = claimed[-1]["position"]
    assert all(one["position"] > after for one in from_lines(export(settled, "--after", str(after))))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--event", "identity_claimd"], "did you mean identity_claimed?"),
        (["--format", "parquet"], "needs --output FILE"),
        (["--since", "soon"], "2026-01-31"),
        (["--since", "2026-02-02", "--until", "2026-02-01"], "is before"),
        (["--output", "/dev/null"], "is not a file"),
    ],
)
def test_a_slip_is_explained(settled: House, options: list[str], says: str) -> None:
    done = settled.command("analytics", "export", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_an_agent_does_not_export(settled: House, tmp_path: Path) -> None:
    agent = settled.at(tmp_path, "analytics", "export", "--output", str(tmp_path / "facts.csv"))
    assert agent.returncode == 3
    assert os.listdir(tmp_path) == []


def begun(house: House, path: Path) -> subprocess.Popen[str]:
    """An export that has written a part, and is stopped there."""
    arguments = [str(AUTHSOME), "analytics", "export", "--output", str(path)]
    left = set(path.parent.glob(".*"))
    process = subprocess.Popen(arguments, env=house.environment, text=True, stderr=subprocess.PIPE)

    def has_a_part() -> bool:
        return any(one.stat().st_size for one in path.parent.glob(".*/*") if one.parent not in left)

    eventually(has_a_part)
    process.send_signal(signal.SIGSTOP)
    return process


def end(process: subprocess.Popen[str], number: int) -> int:
    process.send_signal(number)
    process.send_signal(signal.SIGCONT)
    process.communicate(timeout=60)
    return process.returncode


@pytest.mark.parametrize("name", ["facts.csv", "facts.jsonl", "facts.parquet"])
def test_killed_in_the_middle_it_leaves_no_half_file(settled: House, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert end(begun(settled, path), signal.SIGKILL) == -signal.SIGKILL
    assert not path.exists()
    path.write_text("before")
    assert end(begun(settled, path), signal.SIGTERM) == 130
    assert path.read_text() == "before"
    (left,) = tmp_path.glob(".*")  # by the kill that nobody can answer
    assert stat.S_IMODE(left.stat().st_mode) == 0o700
    settled.command("analytics", "export", "--output", str(path), check=True)
    assert path.stat().st_size > len("before")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_whoever_is_erased_meanwhile_is_not_in_it(settled: House, tmp_path: Path) -> None:
    handle = settled.onboard(home=tmp_path / "agent")
    assert handle in export(settled)
    path = tmp_path / "facts.jsonl"
    process = begun(settled, path)
    url = settled.ask("identities", "erase", handle)["url"]
    settled.ada.submit(url, [("password", PASSWORD)])
    process.send_signal(signal.SIGCONT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "beginning again" in said
    naming = [one["event"] for one in from_lines(path.read_text()) if handle in one.values()]
    assert naming == ["identity_erased"], "that it was is said, and nothing else"


def test_a_server_that_is_restarted_meanwhile_is_waited_for(settled: House, tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    process = begun(settled, path)
    settled.kill()
    process.send_signal(signal.SIGCONT)
    settled.start()
    process.communicate(timeout=60)
    assert process.returncode == 0
    with path.open(newline="") as file:
        positions = [int(row["position"]) for row in csv.DictReader(file)]
    assert positions == sorted(set(positions))
    assert len(positions) > MANY
