"""`kill -9` exactly between two steps that must not be one: position and position, post and cursor."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from authsome.testing.posthog import Hang, PostHogSimulator
from tests.e2e.crash.pair import arrived, committed, compare, looking, settings_for
from tests.e2e.crash.registering import try_to_register
from tests.support.server import RealServer
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
AGENTS = 5


def register_some(server: RealServer) -> None:
    for _ in range(AGENTS):
        assert try_to_register(server.file.port, server.base_url.removeprefix("http://"))


def test_killed_with_the_answer_not_yet_written_down(database_url: str, tmp_path: Path) -> None:
    with PostHogSimulator() as posthog, looking(database_url) as connection:
        with RealServer(tmp_path / "home", **settings_for(posthog, database_url)) as server:
            eventually(lambda: committed(connection) <= arrived(posthog).keys(), what="its first facts")
            posthog.always(Hang(take=True))
            register_some(server)
            eventually(lambda: registered_at(posthog), what="the post")
            server.kill()
            posthog.behave()
            server.start()
            connection.execute(text("DELETE FROM lease"))  # nobody waits twenty seconds for a dead holder
            eventually(lambda: committed(connection) <= arrived(posthog).keys(), what="delivery")
            compare(connection, posthog)
        assert len(posthog.taken) > len(posthog.events), "nothing was sent twice, so nothing was shown"


def test_killed_while_facts_get_their_positions(database_url: str, tmp_path: Path) -> None:
    """The sequencer is held in the middle of its transaction by a lock on a row that it has to write."""
    with (
        PostHogSimulator() as posthog,
        looking(database_url) as connection,
        RealServer(tmp_path / "home", **settings_for(posthog, database_url)) as server,
    ):
        eventually(lambda: unplaced(connection) == 0, what="the sequencer")
        head, rows = create_engine(database_url).connect(), create_engine(database_url).connect()
        with head.begin():
            head.execute(text("SELECT id FROM log_head FOR UPDATE"))
            register_some(server)
            rows.begin()
            last = text(
                "SELECT seq FROM event_log WHERE position IS NULL ORDER BY seq DESC LIMIT 1 FOR UPDATE"
            )
            rows.execute(last)
        eventually(lambda: waiting_for_a_lock(connection), what="the sequencer at the locked row")
        server.kill()
        rows.rollback()
        assert unplaced(connection) == AGENTS, "half of the positions were kept"
        server.start()
        connection.execute(text("DELETE FROM lease"))
        eventually(lambda: committed(connection) <= arrived(posthog).keys(), what="delivery")
        compare(connection, posthog)
        for one in (head, rows):
            one.close()
            one.engine.dispose()


def registered_at(posthog: PostHogSimulator) -> list[str]:
    return [event.distinct_id for event in posthog.taken if event.name == "identity_registered"]


def unplaced(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM event_log WHERE position IS NULL")).scalar_one())


def waiting_for_a_lock(connection: Connection) -> bool:
    query = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE event_log%'"
    )
    return bool(connection.execute(query).scalar_one())
