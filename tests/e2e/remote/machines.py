"""Two machines on one: the second is a network namespace, whose loopback is its own.

Between them is a pair of virtual network cards. They share the disk; an agent's home is its own nevertheless.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from authsome.kit.clock import SystemClock
from authsome.kit.ids import SystemEntropy
from authsome.proxy.ca import load_or_create
from authsome.testing.person import Person
from tests.e2e.cli.house import House
from tests.support.server import AUTHSOME

NET = f"10.219.{os.getpid() % 250}"  # two runs of the tests on one machine do not meet
HERE, THERE = f"{NET}.1", f"{NET}.2"
SECONDS = 90


def ip(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)


def missing() -> str:
    """What keeps a second machine from being made here; empty if nothing does."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return "making a second machine takes root and the program ip (iproute2)"
    name = f"authsome-try-{os.getpid()}"
    made = ip("netns", "add", name)
    ip("netns", "delete", name)
    return "" if made.returncode == 0 else f"this system allows no network namespace: {made.stderr.strip()}"


@contextlib.contextmanager
def second_machine() -> Iterator[str]:
    """Its name for `ip netns exec`."""
    name, cards = f"authsome-{os.getpid()}", (f"as{os.getpid()}a", f"as{os.getpid()}b")
    steps = [
        ("netns", "add", name),
        ("link", "add", cards[0], "type", "veth", "peer", "name", cards[1], "netns", name),
        ("addr", "add", f"{HERE}/30", "dev", cards[0]),
        ("link", "set", cards[0], "up"),
        ("-n", name, "addr", "add", f"{THERE}/30", "dev", cards[1]),
        ("-n", name, "link", "set", cards[1], "up"),
        ("-n", name, "link", "set", "lo", "up"),
    ]
    try:
        for step in steps:
            done = ip(*step)
            assert done.returncode == 0, (step, done.stderr)
        yield name
    finally:
        ip("link", "delete", cards[0])
        ip("netns", "delete", name)


class TlsFront:
    """What an operator puts before the API: it ends TLS and passes all bytes on."""

    def __init__(self, folder: Path) -> None:
        clock, entropy = SystemClock(), SystemEntropy()
        authority = load_or_create(folder / "ca.key", folder / "ca.pem", clock=clock, entropy=entropy)
        self.roots = folder / "ca.pem"
        self.target = 0
        self._context = authority.context_for(HERE)
        self._listener = socket.create_server((HERE, 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(raw,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        with contextlib.suppress(OSError), raw:
            tls = self._context.wrap_socket(raw, server_side=True)
            with tls, socket.create_connection(("127.0.0.1", self.target)) as api:
                upwards = threading.Thread(target=_pass_on, args=(tls, api), daemon=True)
                upwards.start()
                _pass_on(api, tls)
                tls.shutdown(socket.SHUT_RDWR)
                upwards.join()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)


class RemoteHouse(House):
    """A gateway behind an HTTPS front; agents are on `machine`, a person is where the gateway is."""

    def __init__(self, folder: Path, machine: str, **settings: str) -> None:
        self.machine = machine
        self.front = TlsFront(folder / "front")
        super().__init__(
            folder,
            AUTHSOME_BASE_URL=f"https://{HERE}:{self.front.port}",
            SSL_CERT_FILE=str(self.front.roots),
            **settings,
        )
        self.start()
        self.front.target = self.file.port

    def browser(self) -> Person:
        return Person(self.base_url, trust=ssl.create_default_context(cafile=str(self.front.roots)))

    def apart(self, home: Path) -> dict[str, str]:
        return super().apart(home) | {"SSL_CERT_FILE": str(self.front.roots)}

    def elsewhere(self, home: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run `authsome …` on the second machine."""
        return subprocess.run(
            self.there(*arguments),
            env=self.surroundings(home, **extra),
            text=True,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )

    def there(self, *arguments: str) -> list[str]:
        """The command line of `authsome …` on the second machine."""
        return ["ip", "netns", "exec", self.machine, str(AUTHSOME), *arguments]

    def surroundings(self, home: Path, **extra: str) -> dict[str, str]:
        """Its environment."""
        return {"PATH": os.environ["PATH"], "HOME": str(home), **self.apart(home), **extra}

    def close(self) -> None:
        super().close()
        self.front.close()
