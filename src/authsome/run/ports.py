"""The rows and leases that run use cases need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from authsome.identity.ports import IdentityWork
from authsome.run.model import Run


class Runs(Protocol):
    """The table of runs."""

    def add(self, run: Run) -> None: ...
    def update(self, run: Run) -> None: ...
    def find(self, run_id: str) -> Run | None: ...
    def find_by_token_hash(self, token_hash: str) -> Run | None: ...
    def count_live(self, identity_id: str) -> int: ...
    def list_live_of(self, identity_id: str) -> list[Run]: ...
    def list_live(self, *, begun_before: datetime, after: str = "", limit: int = 100) -> list[Run]: ...
    def list(self, *, principal_id: str | None = None, after: str = "", limit: int = 100) -> list[Run]: ...


class RunWork(IdentityWork, Protocol):
    """The slice of a unit of work that run use cases see."""

    @property
    def runs(self) -> Runs: ...


class RunLeases(Protocol):
    """The leases of runs, in the books."""

    async def lapsed(self, names: Sequence[str]) -> set[str]:
        """Those of the names whose lease ran out or was never taken."""
        ...
