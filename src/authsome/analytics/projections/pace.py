"""How fast to fold a backlog in a process that has other work: at full speed, or mostly resting.

Python runs one thread at a time, and a thread that computes keeps the others waiting at every turn. A rebuild
at full speed was measured to halve the registrations that the same server takes. So when others in this
process work, a batch is small and followed by a rest of several times its length. A process with nothing else
to do does not rest, and takes large batches: rows that lie beside each other are then written once, which is
twice as fast on a slow disk. A batch holds the books, for which signed requests wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable

SMALL, LARGE = 1_000, 5_000  # facts in a batch
BUSY = 0.1  # of a processor, used by others in this process
REST = 8.0  # times the work of a batch


class Pace:
    """Told of each piece of work, it says how long to rest and how large the next `batch` is.

    `worked` and `clock` tell seconds, of a processor and of the clock.
    """

    def __init__(
        self,
        worked: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._worked = worked
        self._clock = clock
        self.batch = SMALL
        self.begin()

    def begin(self) -> None:
        """What others did until now was in nobody's way."""
        self._since = (self._worked(), self._clock())
        self._own, self.batch = 0.0, SMALL

    def note(self, seconds: float) -> None:
        """So much of a processor was the reader's own."""
        self._own += seconds

    def rest(self) -> float:
        """Seconds to rest, by what others did since the last time."""
        now = (self._worked(), self._clock())
        used, passed = (new - old for new, old in zip(now, self._since, strict=True))
        own, self._own, self._since = self._own, 0.0, now
        is_alone = used - own <= BUSY * passed
        self.batch = LARGE if is_alone else SMALL
        return 0.0 if is_alone else own * REST
