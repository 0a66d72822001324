"""Bind the server's ports before anything else is made, so that a taken one is the first thing known."""

from __future__ import annotations

import errno
import socket

from authsome.kit.errors import ConflictError, InvalidError

BACKLOG = 1_024
LOOPBACK = ("127.0.0.1", "localhost")
TRIES = 20


class PortTaken(ConflictError):
    """Something listens on this port already."""

    code = "port_taken"
    hint = "stop it, or choose another one: `authsome up --port … --proxy-port …`"


class HostInvalid(InvalidError):
    """AUTHSOME_HOST is not an address of this machine."""

    code = "host_invalid"
    hint = "use 127.0.0.1, or 0.0.0.0 for every interface"


def bind(host: str, port: int) -> list[socket.socket]:
    """Listening sockets, all on one port. Raises `PortTaken` or `HostInvalid`.

    Loopback means both families: clients try `localhost` as ::1 first, and whoever listens there while we
    do not is given requests, links and tokens that are meant for us.
    """
    if host not in LOOPBACK:
        return [_listen(host, port)]
    for _ in range(TRIES):
        first = _listen("127.0.0.1", port)
        try:
            second = _listen("::1", first.getsockname()[1])
        except PortTaken:
            first.close()
            if port:
                raise
        except HostInvalid:  # this machine has no IPv6
            return [first]
        else:
            return [first, second]
    raise PortTaken("no port is free on both 127.0.0.1 and ::1")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (socket.gaierror, OSError) as error:
        raise HostInvalid(f"cannot listen on {host}: {error.strerror}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise port_error(error, host, port) from None
    return listener


def port_error(error: OSError, host: str, port: int) -> PortTaken | HostInvalid:
    """What kept us from listening."""
    if error.errno == errno.EADDRINUSE:
        return PortTaken(f"port {port} of {host} is taken by another program")
    if error.errno == errno.EACCES:
        return PortTaken(f"port {port} is kept for the machine's administrator")
    return HostInvalid(f"cannot listen on {host}: {error.strerror}")
