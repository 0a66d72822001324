"""Password hashing: argon2id, one hash a core at a time, with a short queue.

A hash takes tens of milliseconds and 46 MiB by design. Without a bound, thirty log-ins at once would
stop the server; so beyond a short queue people are told to try again, at once.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from authsome.kit.secret import Secret
from authsome.principal.errors import HasherBusy, PasswordWeak

T = TypeVar("T")
SHORTEST, LONGEST = 12, 512
QUEUE = 16


class Hasher:
    """Hashes and checks passwords off the event loop. Costs follow OWASP's argon2id advice."""

    def __init__(self, *, time_cost: int = 2, memory_kib: int = 46 * 1024) -> None:
        self._argon2 = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="authsome-argon2")
        self._waiting = 0
        self._nobody: str | None = None

    async def hash(self, password: Secret) -> str:
        """The hash to store. Raises `PasswordWeak` or `HasherBusy`."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordWeak
        return await self._run(self._hash, password)

    async def verify(self, stored: str | None, password: Secret) -> bool:
        """Whether `password` matches. None costs the same: an unknown e-mail looks like a known one."""
        if len(password) > LONGEST:
            password = Secret("")
        return await self._run(self._verify, password, stored)

    def _hash(self, password: Secret) -> str:
        return self._argon2.hash(password.reveal())

    def _verify(self, password: Secret, stored: str | None) -> bool:
        if stored is None:
            self._nobody = self._nobody or self._argon2.hash("nobody has this password")
        try:
            self._argon2.verify(stored or self._nobody or "", password.reveal())
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    async def _run(self, work: Callable[..., T], *arguments: object) -> T:
        if self._waiting >= QUEUE:
            raise HasherBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
