"""Connections to providers that are open and idle.

They carry nothing of the requests before: in HTTP/1.1 each request brings its own credential, and a
connection comes here only when its last response was read to the end and nothing followed it.
"""

from __future__ import annotations

import time

from authsome.proxy.limits import Limits
from authsome.proxy.upstream.connection import Key, Upstream


class Pool:
    """A bounded stock of idle connections, the most recently used one first."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle: dict[Key, list[Upstream]] = {}
        self._count = 0

    def take(self, key: Key, *, may_repeat: bool) -> Upstream | None:
        """An idle connection, if there is one.

        The provider may be closing it at this very moment. A request that may not be repeated would fail
        then, so it gets only a connection that was in use a moment ago.
        """
        idle = self._idle.get(key)
        if not idle:
            return None
        seconds = self._limits.pooled_seconds if may_repeat else self._limits.pooled_seconds_unsafe
        oldest = time.monotonic() - seconds
        while idle and idle[-1].idle_since >= oldest:
            upstream = self._remove(key, idle, -1)
            if upstream.is_open:
                return upstream
        return None

    def give(self, upstream: Upstream) -> None:
        """Keep a clean connection for the next request."""
        idle = self._idle.setdefault(upstream.key, [])
        if len(idle) >= self._limits.pooled_per_host:
            self._remove(upstream.key, idle, 0).drop()
        elif self._count >= self._limits.pooled:
            upstream.drop()
            return
        upstream.pool = self
        idle.append(upstream)
        self._count += 1

    def forget(self, upstream: Upstream) -> None:
        """The provider closed it."""
        idle = self._idle.get(upstream.key, [])
        if upstream in idle:
            self._remove(upstream.key, idle, idle.index(upstream))

    def sweep(self) -> None:
        """Close what has been idle for too long."""
        oldest = time.monotonic() - self._limits.pooled_seconds
        for key, idle in list(self._idle.items()):
            while idle and idle[0].idle_since < oldest:
                self._remove(key, idle, 0).drop()
            if not idle:
                del self._idle[key]

    def close(self) -> None:
        """Close all."""
        for key, idle in list(self._idle.items()):
            while idle:
                self._remove(key, idle, -1).drop()
        self._idle.clear()

    def _remove(self, key: Key, idle: list[Upstream], index: int) -> Upstream:
        upstream = idle.pop(index)
        upstream.pool = None
        self._count -= 1
        return upstream
