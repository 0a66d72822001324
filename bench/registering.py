"""How many agents can register in a second, each with a key of its own, durably."""

from __future__ import annotations

import sqlite3
import time
from functools import partial
from pathlib import Path

from bench.figure import Figure, Scale
from bench.load import Load, generator
from bench.servers import end_pending, folder, server
from bench.signed import registrations

CLIENTS = (1, 8, 32)
AIM = 700
SIGNED_AHEAD = 2_000  # a second; well above what is hoped for


def run(scale: Scale) -> list[Figure]:
    with server() as target, generator() as put:
        make = partial(registrations, target.authority, int(SIGNED_AHEAD * scale.seconds))
        put(
            Load(
                target=target,
                clients=8,
                seconds=0.3,
                make=partial(registrations, target.authority, 300),
                status=201,
            )
        )
        figures = []
        for clients in CLIENTS:
            end_pending(target)
            commits = durable_commits(scale.seconds / 6)
            taken = put(Load(target=target, clients=clients, seconds=scale.seconds, make=make, status=201))
            figures.append(
                Figure(
                    what=f"registrations, {clients} clients",
                    value=taken.per_second,
                    unit="/s",
                    baseline=commits,
                    against="bare SQLite commits of one row",
                    aim=f"> {AIM} /s",
                    note=taken.note,
                )
            )
    return figures


def durable_commits(seconds: float) -> float:
    """Commits in a second of one thread that does nothing else, as durable as the registry's."""
    with folder() as home:
        connection = sqlite3.connect(Path(home) / "bare.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE agent (did TEXT PRIMARY KEY, label TEXT)")
        count, began = 0, time.perf_counter()
        while (spent := time.perf_counter() - began) < seconds:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO agent VALUES (?, ?)", (f"did:key:z{count}", "bench"))
            connection.execute("COMMIT")
            count += 1
        connection.close()
    return count / spent
