"""How many registrations may wait to be claimed: strangers can register keys, but not without end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from authsome.claim.ports import ClaimWork
from authsome.identity.errors import TooManyPending
from authsome.kit.work import Transactions

REMEMBERED_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class PendingLimits:
    """How many registrations may wait to be claimed."""

    per_address: int = 20
    in_all: int = 1_000


class PendingRoom:
    """Admits registrations as long as there is room.

    It is counted before the unit of work and not in it: that would make all registrations conflict on
    PostgreSQL. What was counted is remembered for half a second, and each registration that is admitted takes
    a place of it, so that under load not every one of them counts all who wait. What other servers admit
    meanwhile, and what is in flight while it is counted, may pass the limit by its own number.
    """

    def __init__(
        self,
        store: Transactions[ClaimWork],
        limits: PendingLimits,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._limits = limits
        self._monotonic = monotonic
        self._left: dict[str | None, int] = {}  # by address; None is the room for all
        self._until = 0.0

    async def admit(self, address_key: str) -> None:
        """Take one place for an address. Raises `TooManyPending`."""
        if self._monotonic() >= self._until:
            self._left, self._until = {}, self._monotonic() + REMEMBERED_SECONDS
        left = self._left
        if left.get(address_key, 0) < 1 or left.get(None, 0) < 1:
            left[address_key], left[None] = await self._store.read(
                lambda view: self._count(view, address_key)
            )
        if left[address_key] < 1 or left[None] < 1:
            raise TooManyPending
        left[address_key] -= 1
        left[None] -= 1

    def _count(self, view: ClaimWork, address_key: str) -> tuple[int, int]:
        of_address, in_all = self._limits.per_address, self._limits.in_all
        return (
            of_address - view.claims.count_pending(of_address, address_key=address_key),
            in_all - view.claims.count_pending(in_all),
        )
