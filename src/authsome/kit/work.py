"""What a use case may do to the registry: the unit of work, as nouns see it.

A use case is a plain function whose first argument is a `Work`. It reads and writes rows through
the noun's ports on that work and records events; it does not commit, wait or send. `Transactions`
runs it: all its rows and events are committed together, or none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from authsome.kit.caller import Caller
from authsome.kit.event import Event

T = TypeVar("T")
W_co = TypeVar("W_co", covariant=True)


class Work(Protocol):
    """One transaction, while it is open."""

    @property
    def caller(self) -> Caller:
        """Who asked for this."""
        ...

    @property
    def now(self) -> datetime:
        """When the unit of work began."""
        ...

    def new_id(self, prefix: str) -> str:
        """A fresh id of the kind `prefix`."""
        ...

    def token(self) -> str:
        """A fresh SECRET of 256 bits, URL-safe."""
        ...

    def record(self, event: Event) -> datetime:
        """Add a fact to the log, in this transaction.

        Returns the instant the fact is given: at least a microsecond after the one before. A row
        that the fact makes or ends stores this instant as its `created_at` or `ended_at`.
        """
        ...

    def quiet(self, reason: str) -> None:
        """Allow this commit to change rows that no event names. A test lists every use."""
        ...


class Transactions(Protocol[W_co]):
    """Runs use cases. `W_co` is the slice of the unit of work that the use case asks for."""

    async def write(self, caller: Caller, body: Callable[[W_co], T]) -> T:
        """Run `body` in one unit of work and commit; an exception undoes everything.

        `body` may be run again from the start when the database asks for a retry, so it must do
        nothing but read and write through the work.
        """
        ...

    async def read(self, body: Callable[[W_co], T]) -> T:
        """Run `body` on one consistent snapshot. It cannot write."""
        ...
