"""What the event log costs a registration at the HTTP API, and one fact inside a write.

Two servers that differ in nothing but their appender take the same registrations in turns. With telemetry
off nobody reads the log, so the difference is its own statements; with `local`, the default, it includes the
readers that keep the built-in analytics up to date, on the same interpreter.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

from authsome.claim.register import register
from authsome.identity.did import encode
from authsome.kit.caller import server_caller
from authsome.kit.clock import SystemClock
from authsome.kit.ids import Ids, SystemEntropy
from authsome.store.database import Database, sqlite_url
from authsome.store.open import open_store
from authsome.store.transactions import Store
from bench.figure import Figure, Scale, middle_half
from bench.load import Load, Put, Taken, generator
from bench.postgres import fresh_database, postgres
from bench.servers import Target, end_pending, folder, server, server_without_log
from bench.signed import registrations
from bench.silent import silent_appender

AIMS = {"SQLite": 1.10, "PostgreSQL": 1.35}
CLIENTS = (1, 8)
COSTS: dict[str, Callable[[Taken], float]] = {
    "ms": lambda taken: 1e3 / taken.per_second,
    "ms of processor": lambda taken: taken.worked or 0.0,
}
READERS = {"off": "the log alone", "local": "the log and its readers"}


def run(scale: Scale) -> list[Figure]:
    figures = []
    with postgres() as cluster, generator() as put:
        for kind in AIMS:
            for mode in READERS:
                settings = {"AUTHSOME_TELEMETRY": mode}
                urls = [""] * 2
                if kind == "PostgreSQL":
                    urls = [fresh_database(cluster, f"{mode}_{side}") for side in ("with", "without")]
                figures += _compare(put, kind, settings, urls, scale)
        figures.append(_fact("SQLite", None, scale))
        figures.append(_fact("PostgreSQL", fresh_database(cluster, "facts"), scale))
    return figures


def _compare(put: Put, kind: str, settings: dict[str, str], urls: list[str], scale: Scale) -> list[Figure]:
    """Both servers run all the time, and only one of them has work."""
    sides = [settings | ({"AUTHSOME_DATABASE_URL": url} if url else {}) for url in urls]
    with server(**sides[0]) as logging, server_without_log(**sides[1]) as silent:
        for target in (logging, silent):
            _round(put, target, clients=8, count=100)
        return [
            figure
            for clients in CLIENTS
            for figure in _figures(
                put,
                logging,
                silent,
                f"{kind}, {READERS[settings['AUTHSOME_TELEMETRY']]}",
                AIMS[kind],
                clients=clients,
                scale=scale,
            )
        ]


def _figures(
    put: Put, logging: Target, silent: Target, what: str, aim: float, *, clients: int, scale: Scale
) -> Iterator[Figure]:
    count = max(80, int(60 * scale.seconds))
    rounds: list[tuple[Taken, Taken]] = []
    for number in range(scale.rounds):
        order = (logging, silent) if number % 2 else (silent, logging)
        taken = {target.pid: _round(put, target, clients=clients, count=count) for target in order}
        rounds.append((taken[logging.pid], taken[silent.pid]))
    refused = sum(taken.refused for pair in rounds for taken in pair)
    for unit, value in COSTS.items():
        pairs = [(value(one), value(other)) for one, other in rounds]
        ratios = [one / other for one, other in pairs if other]
        if ratios:
            yield Figure(
                what=f"{what}, {clients} clients",
                value=median(one for one, _ in pairs),
                unit=unit,
                baseline=median(other for _, other in pairs),
                against="without the log",
                paired=median(ratios),
                aim=f"< {aim:.2f}x" if unit == "ms" else "",
                note=f"half of {len(ratios)} rounds {middle_half(ratios)}"
                + (f", {refused} REFUSED with 503" if refused else ""),
            )


def _round(put: Put, target: Target, *, clients: int, count: int) -> Taken:
    end_pending(target)
    make = partial(registrations, target.authority, count)
    return put(Load(target=target, clients=clients, seconds=60, make=make, status=201))


def _fact(kind: str, url: str | None, scale: Scale) -> Figure:
    """The use case by itself, without HTTP: it records one fact. In turns with and without the appender."""
    with _opened(url) as (loop, store):
        caller, loud, silent = server_caller(store.installation_id), store.appender, silent_appender(store)
        waits: dict[bool, list[float]] = {True: [], False: []}
        for number in range(2 * scale.repeats):
            recorded = bool(number % 2)
            store.appender = loud if recorded else silent
            body = partial(register, did=encode(os.urandom(32)), label="bench", address_key="bench")
            began = time.perf_counter()
            loop.run_until_complete(store.write(caller, body))
            waits[recorded].append((time.perf_counter() - began) * 1e6)
    with_fact, without = median(waits[True]), median(waits[False])
    quickest = min(waits[True]) - min(waits[False])
    return Figure(
        what=f"{kind}, one fact inside a write",
        value=with_fact,
        unit="µs",
        baseline=without,
        against="the same write without the fact",
        note=f"so a fact costs {with_fact - without:.0f} µs; between the quickest of each {quickest:.0f} µs",
    )


@contextmanager
def _opened(url: str | None) -> Iterator[tuple[asyncio.AbstractEventLoop, Store]]:
    clock, entropy = SystemClock(), SystemEntropy()
    with folder() as home, asyncio.Runner() as runner:
        opening = open_store(
            Database(url or sqlite_url(home)), clock=clock, ids=Ids(clock, entropy), entropy=entropy
        )
        store = runner.run(opening)
        try:
            yield runner.get_loop(), store
        finally:
            store.close()
