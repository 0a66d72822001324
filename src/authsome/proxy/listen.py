"""The proxy as a whole: listens, keeps count of its connections, ends what takes too long, stops in order."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from pathlib import Path
from socket import socket
from typing import Protocol

from authsome.proxy.agent.connect import Connect
from authsome.proxy.agent.greet import greet, greeting_context
from authsome.proxy.agent.tunnel import Tunnel
from authsome.proxy.ca import CertificateAuthority
from authsome.proxy.gate import Gate
from authsome.proxy.limits import Limits
from authsome.proxy.sides import Reach
from authsome.proxy.standing import Standing, Standings
from authsome.proxy.upstream.dial import Dialer
from authsome.proxy.upstream.pool import Pool


class Connection(Protocol):
    """An agent's connection, before or after TLS."""

    @property
    def is_busy(self) -> bool: ...
    def is_due(self, now: float) -> bool: ...
    def expire(self) -> None: ...
    def stop(self) -> None: ...
    def abort(self) -> None: ...


class ProxyServer:
    """Start it once, stop it once. `extra_roots` is a PEM file trusted for providers besides the system's."""

    def __init__(
        self,
        gate: Gate,
        authority: CertificateAuthority,
        *,
        extra_roots: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.gate = gate
        self.authority = authority
        self.limits = limits or Limits()
        dialer = Dialer(self.limits, extra_roots=extra_roots)
        self.reach = Reach(gate, dialer=dialer, pool=Pool(self.limits), limits=self.limits)
        self.standings = Standings(gate, self.limits, self.reach.spawn)
        self._connections: set[Connection] = set()
        self._strangers: set[Connection] = set()
        self._runs: Counter[str] = Counter()
        self._tunnels: dict[Tunnel, str] = {}
        self._server: asyncio.Server | None = None
        self._greetings: list[asyncio.Task[None]] = []
        self._stopping = False
        self._quiet = asyncio.Event()
        self._sweeping: asyncio.TimerHandle | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port (which matters when `port` is 0).

        Raises `RootsUnreadable`, or OSError where the port is taken.
        """
        self.reach.dialer.check_roots()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connect(self), host, port, backlog=512)
        self._sweep()
        return int(self._server.sockets[0].getsockname()[1])

    def start_tls(self, listener: socket, name: str) -> None:
        """Listen for agents on other machines too, who reach this server as `name`."""
        context = greeting_context(self.authority, name)
        greeting = asyncio.get_running_loop().create_task(greet(self, listener, context))
        greeting.add_done_callback(lambda _: listener.close())
        self._greetings.append(greeting)

    async def stop(self, grace: float) -> None:
        """Take nothing new, let what is under way finish for `grace` seconds, then break it off."""
        if self._server is not None:
            self._server.close()
        for greeting in self._greetings:
            greeting.cancel()
        self._stopping = True
        for connection in list(self._connections):
            connection.stop()
        self._note_quiet()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._quiet.wait()
        for connection in list(self._connections):
            connection.abort()
        for task in list(self.reach.tasks):
            task.cancel()
        self.reach.pool.close()
        if self._sweeping is not None:
            self._sweeping.cancel()
        await asyncio.sleep(0)  # the transports tell their protocols that they are gone

    @property
    def open_connections(self) -> int:
        """How many connections of agents are open now."""
        return len(self._connections)

    # For its connections.

    def register(self, connection: Connection, *, is_stranger: bool = False) -> bool:
        """Count a connection in. False when there are too many; it is swept nevertheless.

        A stranger comes from another machine and has shown no token yet. They have places of their own, so
        that however many they are, those who are known find one.
        """
        self._connections.add(connection)
        if is_stranger:
            self._strangers.add(connection)
        return len(self._connections) <= self.limits.connections

    @property
    def has_room_for_strangers(self) -> bool:
        return len(self._strangers) <= self.limits.strangers

    def unregister(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._strangers.discard(connection)
        self._note_quiet()

    def admit_tunnel(self, run_id: str) -> bool:
        """Whether one more connection of this run is within bounds."""
        return self._runs[run_id] < self.limits.connections_per_run

    def tunnel(self, standing: Standing) -> Tunnel:
        """A tunnel for an accepted CONNECT, counted for its run."""
        tunnel = Tunnel(standing, self.reach, on_lost=self.lose)
        run_id = standing.run.run_id if standing.run is not None else ""
        self._tunnels[tunnel] = run_id
        self._runs[run_id] += 1
        return tunnel

    def lose(self, tunnel: Tunnel) -> None:
        """The tunnel is closed. Called once or more."""
        self.unregister(tunnel)
        run_id = self._tunnels.pop(tunnel, None)
        if run_id is not None:
            self._runs[run_id] -= 1
            if not self._runs[run_id]:
                del self._runs[run_id]

    def _note_quiet(self) -> None:
        if self._stopping and not any(connection.is_busy for connection in self._connections):
            self._quiet.set()

    def _sweep(self) -> None:
        """One timer for all connections: a timer per request would cost more than the request."""
        now = time.monotonic()
        for connection in [c for c in self._connections if c.is_due(now)]:
            connection.expire()
        self.reach.pool.sweep()
        self._sweeping = asyncio.get_running_loop().call_later(self.limits.sweep_seconds, self._sweep)
