"""A large body in either direction costs listener and gateway no memory of its own size."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.e2e.proxy.elsewhere.road import road
from tests.e2e.proxy.house import Address, house
from tests.e2e.proxy.test_memory import MEGABYTE, SIZE, download, peak, upload, warm_up
from tests.e2e.proxy.upstream import blob, sink


def _all_in_one(folder: Path, ask: Connection) -> None:
    """Provider, gateway and listener in a process of their own; the command is in another."""
    with house(folder) as home, road(home) as reached:
        home.upstream.handlers["/sink"] = sink
        home.upstream.handlers["/blob"] = blob(SIZE)
        ask.send((reached.port, home.upstream.port, home.ca))
        while ask.recv():
            ask.send(peak())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
def test_large_bodies_stream_in_constant_memory_by_the_longer_way(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_all_in_one, args=(tmp_path, theirs), daemon=True)
    process.start()
    try:
        home = Address(*ours.recv())
        peaks = []
        for step in (warm_up, download, upload):
            step(home)
            ours.send(True)
            peaks.append(ours.recv())
        ours.send(False)
        process.join(10)
    finally:
        process.kill()
        process.join()
    assert peaks[-1] - peaks[0] < 24 * MEGABYTE, [one // MEGABYTE for one in peaks]
