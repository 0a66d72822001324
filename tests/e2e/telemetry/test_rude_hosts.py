"""Whatever the host does that facts are sent to: requests are answered at once, and a stop is no slower."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pytest

from tests.support import rude
from tests.support.server import AUTHSOME, RealServer, wait_until_gone
from tests.support.waiting import eventually

STOP_SECONDS = 3.0
ITSELF_SECONDS = 1.0  # for a process to end, on a busy machine
QUICK_SECONDS = 0.25


@contextmanager
def host_that(manners: str) -> Iterator[tuple[str, rude.RudeHost | None]]:
    """An address, and who is there; nobody where no connection is ever made."""
    if manners == "lets_nobody_in":
        with rude.full_house() as port:
            yield f"http://127.0.0.1:{port}", None
        return
    scheme = "https" if manners == "never_shakes_hands" else "http"
    known = {one.__name__: one for one in rude.MANNERS}
    with rude.rude_host(known.get(manners, rude.deaf_after_request)) as host:
        yield f"{scheme}://127.0.0.1:{host.port}", host


@pytest.mark.parametrize(
    "manners", ["lets_nobody_in", "never_shakes_hands", *(one.__name__ for one in rude.MANNERS)]
)
def test_requests_and_the_stop_do_not_wait_for_it(manners: str, tmp_path: Path) -> None:
    with host_that(manners) as (url, host), RealServer(tmp_path / "home", **rude.opted_in(url)) as server:
        if host is None:
            time.sleep(1.5)  # it tries by now
        else:
            eventually(lambda: host.guests > 0, within=20, what="a connection")
        times = seconds_of_requests(server, 50)
        assert median(times) < QUICK_SECONDS, times
        assert seconds_to_stop(server) < STOP_SECONDS + ITSELF_SECONDS


def seconds_of_requests(server: RealServer, count: int) -> list[float]:
    """Measured by another process: a host that floods keeps this one busy."""
    ask = ["curl", "-sS", "--fail", "-w", "\\n%{time_total}\\n"]
    for _ in range(count):
        ask += ["-o", "/dev/null", f"{server.base_url}/api/health"]
    said = subprocess.run(ask, check=True, capture_output=True, text=True, timeout=60).stdout
    times = [float(line) for line in said.split()]
    assert len(times) == count
    return times


def seconds_to_stop(server: RealServer) -> float:
    pid, started = server.file.pid, time.monotonic()
    os.kill(pid, signal.SIGTERM)
    wait_until_gone(pid)
    return time.monotonic() - started


class WithoutNames(RealServer):
    """A server whose only name server is `resolver`; it alone sees this, in a mount namespace of its own."""

    resolver: Path

    def command(self, *arguments: str, check: bool = False, **extra: str) -> subprocess.CompletedProcess[str]:
        enter = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"']
        return subprocess.run(
            [*enter, str(self.resolver), str(AUTHSOME), *arguments],
            env=self.environment | extra,
            text=True,
            capture_output=True,
            timeout=60,
            check=check,
        )


def test_the_stop_does_not_wait_for_a_name_server_that_never_answers(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("only root gives a process its own name server")
    address = f"127.{os.getpid() % 200 + 1}.{os.getpid() // 200 % 250}.53"  # of this run alone
    resolver = tmp_path / "resolv.conf"
    resolver.write_text(f"nameserver {address}\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((address, 53))
        server = WithoutNames(tmp_path / "home", **rude.opted_in("https://posthog.example"))
        server.resolver = resolver
        with server:
            assert silent.recv(512), "it asks for the host's name, and is not told"
            assert seconds_to_stop(server) < STOP_SECONDS + ITSELF_SECONDS
