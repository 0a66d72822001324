"""Who holds which key, remembered until something is committed.

An agent signs many requests in a row, and the registry changes between few of them. What was found holds
while the generation is the same, which every commit on this machine changes before it is answered, and for
half a second at most: commits on other machines, and sessions that run out, change no generation here.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from authsome.identity.signature import Signed
from authsome.kit.caller import Surface
from authsome.runtime.authenticate import Signer, find_signer
from authsome.runtime.generation import MAX_AGE_SECONDS, Generation
from authsome.store.transactions import Store

MOST = 10_000  # strangers are not remembered, so only keys that are registered take room


class Signers:
    """Finds signers. For the event loop only."""

    def __init__(
        self, store: Store, generation: Generation, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._generation = generation
        self._monotonic = monotonic
        self._found: dict[tuple[str, Surface], Signer] = {}
        self._of_generation = b""
        self._until = 0.0

    async def find(self, signed: Signed, surface: Surface) -> Signer:
        """The identity or terminal session of a key. Raises `IdentityUnknown` or `KeyRetired`."""
        # Read before asking: what is committed meanwhile makes this answer old at once.
        generation, now = self._generation.current(), self._monotonic()
        if generation != self._of_generation or now >= self._until or len(self._found) >= MOST:
            self._found = {}
            self._of_generation, self._until = generation, now + MAX_AGE_SECONDS
        key, found = (signed.did, surface), self._found
        if key not in found:
            found[key] = await find_signer(self._store, signed, surface)
        return found[key]
