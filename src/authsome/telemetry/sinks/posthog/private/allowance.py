"""PostHog's own limits for its private API, kept on this side, so that no call is spent on being refused.

Per project, as PostHog's documentation has them: 480 calls a minute and 4,800 an hour; insights, which are
counted apart, 240 and 1,200; queries 2,400 an hour. Other programs of the same project take from the same
allowance, so 429 is understood all the same.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CALLS = ((MINUTE, 480), (HOUR, 4_800))
INSIGHTS = ((MINUTE, 240), (HOUR, 1_200))
QUERIES = ((MINUTE, 120), (HOUR, 2_400))


class Allowance:
    """How many calls are left, in sliding windows of (length, calls)."""

    def __init__(self, windows: tuple[tuple[timedelta, int], ...]) -> None:
        self._windows = windows
        self._made: deque[datetime] = deque(maxlen=max(calls for _, calls in windows))

    def take(self, now: datetime) -> float | None:
        """Note one call, or say in how many seconds there may be one."""
        wait = max((self._wait(now, length, calls) for length, calls in self._windows), default=0.0)
        if wait > 0:
            return wait
        self._made.append(now)
        return None

    def _wait(self, now: datetime, length: timedelta, calls: int) -> float:
        if len(self._made) < calls:
            return 0.0
        return (self._made[-calls] + length - now).total_seconds()
