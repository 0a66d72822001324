"""The leases of runs, kept in the books."""

from __future__ import annotations

from collections.abc import Sequence

from authsome.run.model import LEASE_LIFE, lease_name
from authsome.store.books.books import Books
from authsome.store.transactions import Store


class CountedRunLeases:
    """Satisfies `run.ports.RunLeases`. The holder of a run's lease is the run itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def lapsed(self, names: Sequence[str]) -> set[str]:
        """Those of the names that have no live lease; what is left of their rows goes."""

        def take_out(books: Books) -> set[str]:
            gone = {name for name in names if not books.leases.is_live(name)}
            for name in gone:
                books.leases.drop(name)
            return gone

        return await self._store.keep(take_out)

    async def take(self, run_id: str) -> None:
        """Begin the lease of a run that was just started."""
        name = lease_name(run_id)
        await self._store.keep(lambda books: books.leases.take(name, run_id, lasts=LEASE_LIFE))

    async def renew(self, run_id: str) -> bool:
        """Renew it; False once it has lapsed, for good."""
        name = lease_name(run_id)
        return await self._store.keep(lambda books: books.leases.renew(name, run_id, lasts=LEASE_LIFE))

    async def is_live(self, run_id: str) -> bool:
        return await self._store.keep(lambda books: books.leases.is_live(lease_name(run_id)))

    async def release(self, run_id: str) -> None:
        await self._store.keep(lambda books: books.leases.release(lease_name(run_id), run_id))
