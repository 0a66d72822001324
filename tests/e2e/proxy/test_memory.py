"""A large body in either direction costs the proxy no memory of its own size."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.e2e.proxy.house import Address, house, read_head, read_response
from tests.e2e.proxy.upstream import blob, sink

MEGABYTE = 1 << 20
SIZE = 192 * MEGABYTE
BLOCK = b"\x5a" * MEGABYTE


def peak() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    return int(line.split()[1]) * 1024


def _house_alone(folder: Path, ask: Connection) -> None:
    """A house in a process of its own. Answers each question with the most memory it ever held."""
    with house(folder) as home:
        home.upstream.handlers["/sink"] = sink
        home.upstream.handlers["/blob"] = blob(SIZE)
        ask.send((home.port, home.upstream.port, home.ca))
        while ask.recv():
            ask.send(peak())


def warm_up(home: Address) -> None:
    with home.tunnel() as tls:
        tls.sendall(home.get(close=False))
        read_response(tls)


def download(home: Address) -> None:
    with home.tunnel() as tls:
        tls.sendall(home.get("/blob", close=False))
        assert read_head(tls).startswith(b"HTTP/1.1 200 ")
        left, buffer = SIZE, bytearray(MEGABYTE)
        while left:
            left -= tls.recv_into(buffer)


def upload(home: Address) -> None:
    with home.tunnel() as tls:
        tls.sendall(home.get("/sink", f"Content-Length: {SIZE}", method="POST", close=False))
        for _ in range(SIZE // MEGABYTE):
            tls.sendall(BLOCK)
        assert read_response(tls)[1].startswith(b"%d " % SIZE)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
def test_large_bodies_stream_in_constant_memory(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_house_alone, args=(tmp_path, theirs), daemon=True)
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
    assert peaks[-1] - peaks[0] < 24 * MEGABYTE, [peak // MEGABYTE for peak in peaks]
