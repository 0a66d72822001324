"""How long a server takes until it answers, what it holds in memory, how quick the smallest command is."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from authsome.cli.process.start import make_private, start
from authsome.testing.journey import Journey
from authsome.testing.stage import Stage
from bench.figure import Figure, Scale, middle_half
from bench.processes import resident_mb
from bench.servers import folder
from tests.support.server import AUTHSOME, RealServer

# What a server cannot do without: the time and the memory of these are not ours to save.
NEEDED = "argon2, cryptography.x509, fastapi, jinja2, pydantic_settings, sqlalchemy, uvicorn, uvloop"


def run(scale: Scale) -> list[Figure]:
    times = max(3, scale.rounds)
    return [*_starts(times), *_memory(), _help(times)]


def _starts(times: int) -> list[Figure]:
    """Until the health check answers, as a process by itself; and the whole command that a person types."""
    waits: dict[str, list[float]] = {"first start": [], "later start": [], "`authsome up`": []}
    imports = []
    for _ in range(times):
        imports.append(seconds(lambda: python(f"import {NEEDED}")))
        with folder() as home:
            server = RealServer(home)
            for name in ("first start", "later start"):
                waits[name].append(seconds(lambda server=server: _serve(server)))  # type: ignore[misc]
                server.stop()
            waits["`authsome up`"].append(seconds(lambda server=server: server.command("up")))  # type: ignore[misc]
            server.stop()
    return [
        Figure(
            what=f"{name}, until it answers",
            value=median(taken),
            unit="s",
            baseline=median(imports),
            against="importing the libraries it needs",
            aim="< 1 s",
            note=f"half of {times} {middle_half(taken)}; theirs 1.9 s",
        )
        for name, taken in waits.items()
    ]


def _serve(server: RealServer) -> None:
    private = server.home / "server"
    make_private(private)
    start(private, server.environment)
    file = server.file
    asked = http.client.HTTPConnection("127.0.0.1", file.port, timeout=5)
    asked.request("GET", "/api/health", headers={"Host": file.base_url.removeprefix("http://")})
    assert asked.getresponse().status == 200
    asked.close()


def _memory() -> list[Figure]:
    """Before anybody came, at the start that makes the database and at a later one, and after a sign-in.

    The first start has Alembic loaded besides; a sign-in takes one argon2 hash of 46 MiB.
    """
    libraries, held = _memory_of_libraries(), {}
    with folder() as home:
        stage = Stage(home, AUTHSOME_PORT="0", AUTHSOME_PROXY_PORT="0", AUTHSOME_TELEMETRY="local")
        held["idle, first start"] = _idle(stage)[1]
        stage.run("down")
        pid, held["idle"] = _idle(stage)
        person = Journey(stage, email="ada@bench.invalid", password="bench-" + "x" * 12)
        try:
            person.begin()
            person.sign_in()
            held["after a sign-in"] = resident_mb(pid)
        finally:
            person.end()
    aims = {"idle": ("< 100 MB", "theirs 117 MB"), "after a sign-in": ("< 160 MB", "theirs 178 MB")}
    return [
        Figure(
            what=f"memory, {when}",
            value=value,
            unit="MB",
            baseline=libraries,
            against="the libraries by themselves",
            aim=aims.get(when, ("", ""))[0],
            note=aims.get(when, ("", "with the migration"))[1],
        )
        for when, value in held.items()
    ]


def _idle(stage: Stage) -> tuple[int, float]:
    """The process that `authsome up` starts, and what it holds after a second."""
    pid = int(stage.ask("up")["pid"])
    time.sleep(1)
    return pid, resident_mb(pid)


def _memory_of_libraries() -> float:
    code = f"import os, {NEEDED}; from bench.processes import resident_mb; print(resident_mb(os.getpid()))"
    return float(python(code))


def _help(times: int) -> Figure:
    waits, bare = [], []
    for _ in range(2 * times):
        bare.append(seconds(lambda: python("pass")) * 1e3)
        waits.append(seconds(lambda: subprocess.run([AUTHSOME, "--help"], stdout=subprocess.DEVNULL)) * 1e3)
    return Figure(
        what="`authsome --help`",
        value=median(waits),
        unit="ms",
        baseline=median(bare),
        against="python -c pass",
        aim="< 150 ms",
        note=f"half of {2 * times} {middle_half(waits)}; theirs 1.6 s",
    )


def python(code: str) -> str:
    """Run a line of Python in a process of its own; returns what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
