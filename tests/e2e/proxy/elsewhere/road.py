"""The way from another machine: the proxy's TLS port, and the listener of a run that leads to it.

Both ends are on loopback here; that they can be on two machines is shown in `tests/e2e/remote`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from authsome.cli.running.dial import Dialer
from authsome.cli.running.forward import Forwarder
from authsome.kit.clock import SystemClock
from authsome.kit.ids import SystemEntropy
from authsome.proxy.ca import load_or_create
from tests.e2e.proxy.house import House

ADDRESS = "127.0.0.1"


def open_tls(home: House, name: str = ADDRESS) -> int:
    """Open the TLS port of a house's proxy."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)

    async def start() -> None:
        home.server.start_tls(listener, name)

    home.threads.run(start())
    return int(listener.getsockname()[1])


def dialer(home: House, port: int) -> Dialer:
    """Trusts this house's authority."""
    return Dialer(ADDRESS, port, authority=home.ca.read_text())


@contextlib.contextmanager
def road(home: House) -> Iterator[House]:
    """The same house, reached through a run's listener."""
    with Forwarder(dialer(home, open_tls(home))) as port:
        yield dataclasses.replace(home, port=port)


@contextlib.contextmanager
def stand_in(folder: Path, answer: Callable[[socket.socket], None]) -> Iterator[Dialer]:
    """A gateway of the test's own making: each connection is given to `answer` once its TLS stands."""
    made = load_or_create(folder / "ca.key", folder / "ca.pem", clock=SystemClock(), entropy=SystemEntropy())
    context = made.context_for(ADDRESS)
    with socket.create_server((ADDRESS, 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    raw, _ = listener.accept()
                    tls = context.wrap_socket(raw, server_side=True, suppress_ragged_eofs=True)
                    threading.Thread(target=_guarded, args=(answer, tls), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield Dialer(ADDRESS, listener.getsockname()[1], authority=made.certificate_pem)
        listener.shutdown(socket.SHUT_RDWR)


def _guarded(answer: Callable[[socket.socket], None], tls: socket.socket) -> None:
    with contextlib.suppress(OSError), tls:
        answer(tls)
