"""Whether a server gets slower with what it has seen: signed requests before and after a hundred thousand of
identities and of requests. The product that this one follows fell from 486 to 174 a second in 75 seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from sqlalchemy import create_engine

from authsome.kit.clock import SystemClock
from authsome.store.tables.registry import identity
from bench.figure import Figure, Scale
from bench.load import Load, Put, Taken, generator
from bench.servers import Target, server
from bench.signed import Agent, new_agent, registration, whoamis

MANY, AT_ONCE, CLIENTS = 100_000, 5_000, 8


def run(scale: Scale) -> list[Figure]:
    many = MANY if scale == Scale.full() else MANY // 10
    agent = new_agent()
    with server() as target, generator() as put:
        first = partial(_registration, target.authority, agent)
        put(Load(target=target, clients=1, seconds=9, make=first, status=201))
        _ask(put, target, agent, scale.seconds / 3)
        before = _ask(put, target, agent, scale.seconds)
        _add_identities(target, many)
        among = _ask(put, target, agent, scale.seconds)
        for _ in range(many // AT_ONCE):
            _ask(put, target, agent, 60.0, count=AT_ONCE)
        after = _ask(put, target, agent, scale.seconds)
    stages = {"identities": among, "identities and requests": after}
    return [
        figure
        for what, taken in stages.items()
        for figure in _figures(f"signed requests, after {many:,} {what}", before, taken)
    ]


def _figures(what: str, before: Taken, taken: Taken) -> Iterator[Figure]:
    """By the clock, and by the server's processor time, which other programs do not change."""
    yield Figure(
        what=what,
        value=taken.per_second,
        unit="/s",
        baseline=before.per_second,
        against="before",
        aim="no decay, > 0.9x",
        note=taken.note,
    )
    if taken.worked and before.worked:
        yield Figure(
            what=what,
            value=taken.worked,
            unit="ms of processor",
            baseline=before.worked,
            against="before",
            aim="no growth, < 1.1x",
        )


def _ask(put: Put, target: Target, agent: Agent, seconds: float, *, count: int | None = None) -> Taken:
    make = partial(whoamis, target.authority, count or int(3_000 * seconds), agent)
    return put(Load(target=target, clients=CLIENTS, seconds=seconds, make=make))


def _registration(authority: str, agent: Agent) -> list[bytes]:
    return [registration(authority, agent)]


def _add_identities(target: Target, count: int) -> None:
    """Claimed ones, all at once."""
    since = SystemClock().now() - timedelta(days=1)
    rows = [
        {
            "id": f"idn_bench{number:08}",
            "did": f"did:key:bench{number}",
            "handle": f"bench-bench-bench-{number:08}",
            "state": "claimed",
            "principal_id": f"prn_bench{number % 1_000}",
            "created_at": since,
            "claimed_at": since,
        }
        for number in range(count)
    ]
    engine = create_engine(target.database)
    with engine.begin() as connection:
        connection.execute(identity.insert(), rows)
    engine.dispose()
