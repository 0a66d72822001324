"""Each way to turn sending off, with a real server process: no socket but its doors, and no lease.

One home serves all of it, where sending was allowed once and facts wait: the hardest case for an off switch.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from authsome.testing.posthog import Answer, PostHogSimulator
from tests.support.databases import fresh_postgres
from tests.support.server import RealServer
from tests.support.sockets import Tripwire, outgoing, tripwire
from tests.support.waiting import eventually

WATCHED = 0.8  # seconds; a server that may send has connected after half a second
FORBIDDING = [
    ("AUTHSOME_TELEMETRY", "off", "off"),
    ("AUTHSOME_TELEMETRY", "local", "local"),
    ("AUTHSOME_TELEMETRY", "log", "log"),
    ("AUTHSOME_TELEMETRY", "on", "off"),  # there is no such value, and what is unknown is off
    ("AUTHSOME_POSTHOG_API_KEY", "", "local"),
    ("AUTHSOME_ENV", "dev", "local"),
    ("AUTHSOME_POSTHOG_HOST", "http://192.0.2.1", "local"),
    ("AUTHSOME_DO_NOT_TRACK", "1", "local"),
    ("AUTHSOME_DO_NOT_TRACK", "true", "local"),
    ("AUTHSOME_DO_NOT_TRACK", "any", "local"),
    ("DO_NOT_TRACK", "1", "local"),
    ("DO_NOT_TRACK", "yes", "local"),
]
ALLOWING = [("AUTHSOME_DO_NOT_TRACK", ""), ("AUTHSOME_DO_NOT_TRACK", "0"), ("DO_NOT_TRACK", "false")]


@pytest.fixture(scope="module")
def wire() -> Iterator[Tripwire]:
    with tripwire() as made:
        yield made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, wire: Tripwire) -> Path:
    """Where sending was allowed, and nothing ever arrived."""
    home = tmp_path_factory.mktemp("home")
    with RealServer(home, **opted_in(wire.url)):
        eventually(wire.came, within=20, what="a connection of a server that may send")
    return home


def opted_in(url: str, **settings: str) -> dict[str, str]:
    return {
        "AUTHSOME_ENV": "prod",
        "AUTHSOME_POSTHOG_API_KEY": "phc_simulated",
        "AUTHSOME_POSTHOG_HOST": url,
    } | settings


def lag(server: RealServer) -> int:
    found: int = httpx.get(f"{server.base_url}/api/health").json()["telemetry"]["lag"]
    return found


def leases(home: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{home}/server/ledger.db?mode=ro", uri=True)) as books:
        return [name for (name,) in books.execute("SELECT name FROM lease WHERE name = 'relay:posthog'")]


@pytest.mark.parametrize(("name", "value", "mode"), FORBIDDING)
def test_a_server_that_may_not_send_opens_no_socket_and_takes_no_lease(
    home: Path, wire: Tripwire, name: str, value: str, mode: str
) -> None:
    wire.came()
    with RealServer(home, **opted_in(wire.url, **{name: value})) as server:
        assert outgoing(server.file.pid, seconds=WATCHED) == set()
        assert leases(home) == []
        assert httpx.get(f"{server.base_url}/api/health").json()["telemetry"]["mode"] == mode
    assert wire.came() == 0


@pytest.mark.parametrize(("name", "value"), ALLOWING)
def test_empty_zero_and_false_forbid_nothing_and_the_watch_sees_a_connection(
    home: Path, wire: Tripwire, name: str, value: str
) -> None:
    wire.came()
    with RealServer(home, **opted_in(wire.url, **{name: value})) as server:
        assert outgoing(server.file.pid, seconds=WATCHED * 2)
        assert leases(home) == ["relay:posthog"]
    assert wire.came() > 0


def test_what_waited_when_sending_was_turned_off_stays_for_good(tmp_path: Path) -> None:
    with PostHogSimulator() as posthog:
        posthog.always(Answer(status=503))
        with RealServer(tmp_path, **opted_in(posthog.url)):
            eventually(lambda: posthog.requests, within=20, what="a try")
        tries = len(posthog.requests)
        posthog.always(None)
        with RealServer(tmp_path, **opted_in(posthog.url, DO_NOT_TRACK="1")):
            time.sleep(WATCHED)
        assert len(posthog.requests) == tries
        with RealServer(tmp_path, **opted_in(posthog.url)) as server:
            eventually(lambda: posthog.events, within=20, what="a fact")
            eventually(lambda: lag(server) == 0, within=20, what="all to be sent")
    assert [e.name for e in posthog.events][:2] == ["telemetry_consent_changed", "server_started"]
    assert [e.name for e in posthog.events].count("server_started") == 1


@pytest.mark.postgres
def test_of_two_servers_the_one_that_forbids_ends_it_for_both(tmp_path: Path, postgres_server: str) -> None:
    database = fresh_postgres(postgres_server).replace("postgresql+psycopg://", "postgresql://")
    key = tmp_path / "installation.key"
    with PostHogSimulator() as posthog, tripwire() as wire:
        both = {"AUTHSOME_DATABASE_URL": database}
        with RealServer(tmp_path / "one", **opted_in(posthog.url), **both):
            eventually(lambda: posthog.events, within=20, what="the first server's start")
            key.write_bytes((tmp_path / "one" / "server" / "installation.key").read_bytes())
            key.chmod(0o600)
            both["AUTHSOME_INSTALLATION_KEY_FILE"] = str(key)
            settings = opted_in(wire.url, DO_NOT_TRACK="1")
            for _ in range(2):
                with RealServer(tmp_path / "two", **settings, **both):
                    time.sleep(WATCHED)
            sent = [e.name for e in posthog.events]
        assert wire.came() == 0
    assert sent.count("server_started") == 1
