"""How long the relay waits for what. Seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from authsome.kit.ids import Entropy


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The relay's patience."""

    poll: float = 5.0  # between looks at the log; a commit in this process wakes it sooner
    standby: float = 2.0  # between tries for the lease that another server has
    linger: float = 0.5  # after being woken, so that facts travel together
    first_retry: float = 1.0
    longest_retry: float = 300.0
    probe: float = 3600.0  # while the lane is paused
    stop: float = 2.0  # for a request that is under way when the server stops
    lease: timedelta = timedelta(seconds=20)  # longer than any one request; a killed server holds it so long

    def retry(self, failures: int, *, after: float | None, entropy: Entropy) -> float:
        """How long to wait after so many failures in a row; `after` is what the host asked for, at least.

        Half of it is chance: servers that failed together must not come back together.
        """
        backoff = min(self.longest_retry, self.first_retry * 2.0 ** min(failures - 1, 20))
        chance = int.from_bytes(entropy.bytes(2), "big") / 65536
        return max(backoff * (0.5 + chance / 2), after or 0.0)
