"""Two servers on one PostgreSQL, and the comparison of its rows and facts with what PostHog keeps."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from authsome.testing.posthog import PostHogSimulator
from tests.support.server import RealServer


def settings_for(posthog: PostHogSimulator, database_url: str) -> dict[str, str]:
    """An operator who has opted in, and lets any number of agents wait."""
    return {
        "AUTHSOME_ENV": "prod",
        "AUTHSOME_POSTHOG_API_KEY": posthog.key,
        "AUTHSOME_POSTHOG_HOST": posthog.url,
        "AUTHSOME_DO_NOT_TRACK": "0",
        "AUTHSOME_PENDING_PER_ADDRESS": "100000",
        "AUTHSOME_PENDING_IN_ALL": "100000",
        "AUTHSOME_DATABASE_URL": database_url,
        "AUTHSOME_INSTALLATION_KEY": base64.b64encode(bytes(32)).decode(),
    }


@contextmanager
def two_servers(folder: Path, database_url: str, posthog: PostHogSimulator) -> Iterator[list[RealServer]]:
    settings = settings_for(posthog, database_url)
    with (
        RealServer(folder / "first", **settings) as first,
        RealServer(folder / "second", **settings) as second,
    ):
        yield [first, second]


@contextmanager
def looking(database_url: str) -> Iterator[Connection]:
    """A connection of our own to the servers' database."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def committed(connection: Connection) -> set[str]:
    """The uuids of all facts from the consent on: those that must arrive."""
    since = connection.execute(text("SELECT min(created_at) FROM consent_window")).scalar_one()
    query = text("SELECT uuid FROM event_log WHERE occurred_at >= :since")
    return set(connection.execute(query, {"since": since}).scalars())


def arrived(posthog: PostHogSimulator) -> Counter[str]:
    """How often PostHog counts each fact, by uuid, once its duplicates are merged."""
    return Counter(str(event.uuid) for event in posthog.events if event.name != "$set")


def compare(connection: Connection, posthog: PostHogSimulator) -> None:
    """Nothing lost, nothing doubled, nothing invented: by uuid, and by the registry's own rows."""
    kept, counted = committed(connection), arrived(posthog)
    assert kept - counted.keys() == set(), "lost"
    assert counted.keys() - kept == set(), "never committed"
    assert [uuid for uuid, times in counted.items() if times > 1] == [], "doubled in effect"
    positions = list(connection.execute(text("SELECT position FROM event_log ORDER BY seq")).scalars())
    assert sorted(positions) == list(range(1, len(positions) + 1)), "positions have gaps"
    agents = set(connection.execute(text("SELECT handle FROM identity")).scalars())
    assert of(posthog, "identity_registered", "identity_handle") == Counter(agents)
    claims = set(connection.execute(text("SELECT id FROM claim WHERE state = 'accepted'")).scalars())
    assert of(posthog, "identity_claimed", "claim_id") == Counter(claims)


def of(posthog: PostHogSimulator, name: str, field: str) -> Counter[Any]:
    return Counter(event.properties[field] for event in posthog.events if event.name == name)
