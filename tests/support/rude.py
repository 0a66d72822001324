"""Hosts that accept a connection and then do what no server should. Loopback only."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
HUGE = 100 * 1024 * 1024
PIECE = b"x" * 65536
DRIP_SECONDS = 0.1


@dataclass
class Guest:
    """One connection to the rude host. Everything it does ends when the host is stopped."""

    socket: socket.socket
    port: int
    over: threading.Event

    def hear_request(self) -> None:
        """Read until the client pauses: the request, or the first flight of TLS."""
        self.socket.settimeout(0.2)
        with suppress(TimeoutError):
            while self.socket.recv(65536):
                pass

    def say(self, words: bytes) -> None:
        self.socket.settimeout(10)
        self.socket.sendall(words)

    def say_for_ever(self, words: bytes, *, pause: float = 0.0) -> None:
        while not self.over.wait(pause):
            self.say(words)

    def wait(self) -> None:
        self.over.wait()


Manners = Callable[[Guest], None]


def silent(guest: Guest) -> None:
    """Never reads, never answers."""
    guest.wait()


def deaf_after_request(guest: Guest) -> None:
    """Reads the request, or the client's side of a TLS handshake, and says nothing."""
    guest.hear_request()
    guest.wait()


def silent_after_head(guest: Guest) -> None:
    """Promises a body and does not send it."""
    guest.hear_request()
    guest.say(HEAD + b"Content-Length: 20\r\n\r\n")
    guest.wait()


def dripping_head(guest: Guest) -> None:
    """A head that grows by a byte now and then, and so meets every time-out between two reads."""
    guest.hear_request()
    guest.say(HEAD + b"X-Long: ")
    guest.say_for_ever(b"x", pause=DRIP_SECONDS)


def dripping_body(guest: Guest) -> None:
    """The same with a body."""
    guest.hear_request()
    guest.say(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    guest.say_for_ever(b"1\r\nx\r\n", pause=DRIP_SECONDS)


def endless_head(guest: Guest) -> None:
    """A head as fast as it can be read."""
    guest.hear_request()
    guest.say(HEAD)
    guest.say_for_ever(b"X-More: " + b"x" * 1000 + b"\r\n")


def endless_patience(guest: Guest) -> None:
    """One interim answer after the other."""
    guest.hear_request()
    guest.say_for_ever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def huge_body(guest: Guest) -> None:
    """A hundred megabytes."""
    guest.hear_request()
    guest.say(HEAD + b"Content-Length: %d\r\n\r\n" % HUGE)
    for _ in range(HUGE // len(PIECE)):
        guest.say(PIECE)
    guest.wait()


def redirect_loop(guest: Guest) -> None:
    """Sends the client back to where it is."""
    guest.hear_request()
    place = f"http://127.0.0.1:{guest.port}/batch/"
    guest.say(f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())


def garbage(guest: Guest) -> None:
    """No HTTP at all."""
    guest.hear_request()
    guest.say(bytes(range(256)) * 16)


def hanging_up(guest: Guest) -> None:
    """Closes at once."""


MANNERS: tuple[Manners, ...] = (
    silent,
    deaf_after_request,
    silent_after_head,
    dripping_head,
    dripping_body,
    endless_head,
    endless_patience,
    huge_body,
    redirect_loop,
    garbage,
    hanging_up,
)


@dataclass
class RudeHost:
    """Behaves as `manners` says, towards everybody."""

    manners: Manners
    over: threading.Event = field(default_factory=threading.Event)
    guests: int = 0

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def _serve(self) -> None:
        with suppress(OSError):  # it is closed
            while True:
                connection, _ = self._listening.accept()
                self.guests += 1
                threading.Thread(target=self._receive, args=(connection,), daemon=True).start()

    def _receive(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self.manners(Guest(connection, self.port, self.over))

    def stop(self) -> None:
        self.over.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)


@contextmanager
def rude_host(manners: Manners) -> Iterator[RudeHost]:
    host = RudeHost(manners)
    try:
        yield host
    finally:
        host.stop()


@contextmanager
def full_house() -> Iterator[int]:
    """A port at which a connection is never made: nobody accepts, and no more may wait."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        place, waiting = listening.getsockname(), []
        try:
            while True:
                one = socket.socket()
                waiting.append(one)
                one.settimeout(0.3)
                try:
                    one.connect(place)
                except TimeoutError:
                    break
            yield int(place[1])
        finally:
            for one in waiting:
                one.close()


def opted_in(host: str) -> dict[str, str]:
    """The environment of a server that sends to the host."""
    return {
        "AUTHSOME_ENV": "prod",
        "AUTHSOME_POSTHOG_API_KEY": "phc_x",
        "AUTHSOME_POSTHOG_HOST": host,
        "AUTHSOME_DO_NOT_TRACK": "0",
    }
