"""How much happens when: so many facts and subjects over a year, more of both with each month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from authsome.kit.clock import to_micros

DAYS = 365
MOST_SUBJECTS = 100_000
PRINCIPALS = 0.2  # of the subjects; the rest are identities


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: when it begins, in microseconds, and how much comes in on it."""

    begins: int
    events: int
    principals: int
    identities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`events` in all, the last of them before `until`. The same plan gives the same history."""

    events: int
    until: datetime
    seed: int = 428

    @property
    def subjects(self) -> int:
        """One for ten facts, at most a hundred thousand."""
        return min(MOST_SUBJECTS, self.events // 10)

    def days(self) -> Iterator[Day]:
        """From the first to the last, which ends with the midnight before `until`."""
        midnight = self.until.replace(hour=0, minute=0, second=0, microsecond=0)
        principals = int(self.subjects * PRINCIPALS)
        shares = zip(
            *(_spread(n) for n in (self.events, principals, self.subjects - principals)), strict=True
        )
        for number, (events, people, agents) in enumerate(shares):
            begins = midnight - timedelta(days=DAYS - number)
            yield Day(begins=to_micros(begins), events=events, principals=people, identities=agents)


def _spread(total: int) -> Iterator[int]:
    """So many over all days, five times as many on the last as on the first."""
    weights = list(accumulate(1 + 4 * number / DAYS for number in range(DAYS)))
    done = 0
    for weight in weights:
        upto = round(total * weight / weights[-1])
        yield upto - done
        done = upto
