"""Log against PostHog: counts and weights by day and event, and the facts themselves only where those differ.

What must be there is every fact in a consent window that the relay has come past and has not set aside; what
may be there besides is the rest of them, on its way. What is there under a uuid of ours and fits nowhere is
`altered` when its own place is empty, `doubled` when it is not, and `phantom` when the log does not know it.
"""

from __future__ import annotations

from array import array
from collections.abc import AsyncIterator, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from authsome.analytics.reconcile.difference import Kind, Layer, Section
from authsome.analytics.reconcile.posthog import judge
from authsome.analytics.reconcile.posthog.ask import Pair, PostHogSilent, Questions
from authsome.analytics.reconcile.posthog.consented import Lane, Wanted, consented, read_lane
from authsome.analytics.reconcile.posthog.hogql import Version, said_time, version_of
from authsome.analytics.reconcile.posthog.judge import Stray
from authsome.analytics.reconcile.registry import Tick
from authsome.kit.clock import EPOCH
from authsome.store.books.books import Books
from authsome.store.event_log import LoggedEvent
from authsome.store.tables.rollup import BASELINES
from authsome.store.transactions import Store
from authsome.telemetry.sink import Outgoing

AT_ONCE = 50_000  # facts that are compared one by one together
WINDOW = timedelta(days=300)  # of one question for counts
ON_ITS_WAY = timedelta(minutes=10)  # what PostHog may take to show what it took
AHEAD = timedelta(days=2)  # copies with a time that has not come yet
MOST_STRAYS = 100_000


@dataclass(slots=True)
class Tally:
    """What must and what may be at PostHog for one day and event."""

    must: int = 0
    may: int = 0
    weight: int = 0

    def agrees(self, there: tuple[int, int, int]) -> bool:
        """Whether PostHog has just these. Nobody can say while some are on their way."""
        return self.must == self.may and there == (self.must, self.must, self.weight)


@dataclass(slots=True)
class Found:
    """The layer's result, and by their positions the facts that can be put back."""

    section: Section
    lost: array[int] = field(default_factory=lambda: array("q"))


async def compare_posthog(store: Store, questions: Questions, *, since: datetime | None, tick: Tick) -> Found:
    """Never raises for what PostHog does: then the section says why nothing was compared."""
    found = Found(Section(Layer.POSTHOG))
    try:
        await _Comparison(store, questions, found, tick=tick).run(since)
    except PostHogSilent as silent:
        return Found(Section(Layer.POSTHOG, skipped=f"PostHog does not say: {silent}"))
    return found


class _Comparison:
    """One run. Holds the counts by day and event, and at most `AT_ONCE` facts."""

    def __init__(self, store: Store, questions: Questions, found: Found, *, tick: Tick) -> None:
        self._store = store
        self._questions = questions
        self._found = found
        self._section = found.section
        self._tick = tick
        self._strays: list[Stray] = []
        self._lane: Lane

    async def run(self, since: datetime | None) -> None:
        now = self._store.clock.now()
        begin = max(since or EPOCH, await self._store.keep(_first_whole_day))
        if begin > (since or EPOCH):
            self._section.notes.append(f"from {begin.date()} on: of older facts, retention has deleted some")
        self._lane = await read_lane(self._store)
        tallies = await self._tally(begin)
        there = await self._ask_counts(begin, now + AHEAD, min(tallies, default=(_day(now), ""))[0])
        empty = Tally()
        differing = [
            pair
            for pair in sorted(tallies.keys() | there.keys())
            if not tallies.get(pair, empty).agrees(there.get(pair, (0, 0, 0)))
        ]
        sizes = {pair: max(tallies.get(pair, empty).may, there.get(pair, (0, 0, 0))[1]) for pair in differing}
        for pairs in _groups(differing, sizes):
            await self._compare(pairs, there, begin)
        await self._place_strays()
        self._note_what_is_on_its_way(now)

    def _consented(self, wanted: Wanted) -> AsyncIterator[tuple[int, tuple[Outgoing, ...]]]:
        return consented(self._store, self._questions.origin, wanted)

    async def _tally(self, begin: datetime) -> dict[Pair, Tally]:
        tallies: dict[Pair, Tally] = {}
        async for passed, facts in self._consented(lambda fact: fact.occurred_at >= begin):
            for fact in facts:
                tally = tallies.setdefault(_pair(fact), Tally())
                tally.may += 1
                if self._lane.has_sent(fact):
                    tally.must += 1
                    tally.weight += version_of(fact).weight
            self._section.compared += len(facts)
            await self._tick(passed)
        return tallies

    async def _ask_counts(
        self, begin: datetime, end: datetime, first_day: str
    ) -> dict[Pair, tuple[int, int, int]]:
        """In stretches that one answer can hold; all that is older than the log is in the first."""
        there: dict[Pair, tuple[int, int, int]] = {}
        upto = max(begin, _instant(first_day)) + WINDOW
        while begin < end:
            there |= await self._questions.counts(begin, min(upto, end))
            begin, upto = upto, upto + WINDOW
            await self._tick(0)
        return there

    async def _compare(
        self, pairs: Sequence[Pair], there: dict[Pair, tuple[int, int, int]], begin: datetime
    ) -> None:
        """Look at each fact of these days and events, on both sides."""
        remote: dict[Pair, dict[str, list[Version]]] = {}
        for pair in pairs:
            remote[pair] = await self._versions(pair, begin) if pair in there else {}
        chosen = frozenset(pairs)

        def wanted(fact: LoggedEvent) -> bool:
            return (_day(fact.occurred_at), fact.name) in chosen and fact.occurred_at >= begin

        async for passed, facts in self._consented(wanted):
            for fact in facts:
                self._judge(fact, remote[_pair(fact)].pop(fact.uuid, []))
            await self._tick(passed)
        for pair, left in remote.items():
            self._strays += [Stray(uuid, pair, version) for uuid, found in left.items() for version in found]

    async def _versions(self, pair: Pair, begin: datetime) -> dict[str, list[Version]]:
        start = _instant(pair[0])
        span = (max(start, begin), start + timedelta(days=1))
        found: dict[str, list[Version]] = {}
        async for uuid, version in self._questions.versions(pair[1], *span):
            found.setdefault(uuid, []).append(version)
        await self._tick(0)
        return found

    def _judge(self, fact: Outgoing, there: Sequence[Version]) -> None:
        """What PostHog has of a fact where it belongs."""
        right = version_of(fact)
        if not there:
            if self._lane.has_sent(fact):
                self._found.lost.append(fact.position)
                self._section.add(judge.lost(fact))
        elif right not in there:
            self._section.add(judge.about(fact, Kind.ALTERED, judge.what_differs(right, there[0])))
        elif copies := [one for one in there if one[:2] != right[:2]]:
            self._section.add(judge.about(fact, Kind.DOUBLED, judge.what_differs(right, copies[0])))

    async def _place_strays(self) -> None:
        """Events of ours in a place where no fact is: of another fact, or of none."""
        strays, moved = self._strays[:MOST_STRAYS], set[int]()
        if len(self._strays) > MOST_STRAYS:
            self._section.notes.append(f"more than {MOST_STRAYS} events fit nowhere; the first are listed")
        known = await self._known_under({stray.uuid for stray in strays}) if strays else {}
        lost = frozenset(self._found.lost) if strays else frozenset()
        for stray in strays:
            fact = known.get(stray.uuid)
            if fact is None:
                self._section.add(judge.phantom(stray))
            elif fact.position in lost and fact.position not in moved:
                moved.add(fact.position)
                day = fact.occurred_at.date()
                self._section.take_back(Kind.LOST, fact.name, day, about=fact.event_id)
                self._section.add(judge.misplaced(stray, fact, Kind.ALTERED))
            else:
                self._section.add(judge.misplaced(stray, fact, Kind.DOUBLED))
        self._found.lost = array("q", (position for position in self._found.lost if position not in moved))

    async def _known_under(self, uuids: Set[str]) -> dict[str, Outgoing]:
        """The facts that leave under these uuids, which under keyed pseudonyms are not those of the log."""
        known: dict[str, Outgoing] = {}
        async for passed, facts in self._consented(lambda _fact: True):
            known |= {fact.uuid: fact for fact in facts if fact.uuid in uuids}
            await self._tick(passed)
        return known

    def _note_what_is_on_its_way(self, now: datetime) -> None:
        cursor = self._lane.cursor
        if self._found.lost and cursor is not None and cursor.moved_at > now - ON_ITS_WAY:
            self._section.notes.append(
                "the relay sent something in the last ten minutes, and PostHog shows late what it took"
            )


def _groups(pairs: Sequence[Pair], sizes: dict[Pair, int]) -> Iterator[list[Pair]]:
    """The pairs in stretches of at most `AT_ONCE` facts, or one larger pair."""
    group, room = list[Pair](), AT_ONCE
    for pair in pairs:
        if group and sizes[pair] > room:
            yield group
            group, room = [], AT_ONCE
        group.append(pair)
        room -= sizes[pair]
    if group:
        yield group


def _first_whole_day(books: Books) -> datetime:
    """The beginning of the first day of which retention has deleted nothing, in any time zone."""
    last = books.connection.execute(select(func.max(BASELINES[0].c.day))).scalar()
    return _instant((last + timedelta(days=2)).isoformat()) if last else EPOCH


def _pair(fact: Outgoing) -> Pair:
    return _day(fact.occurred_at), fact.name


def _day(moment: datetime) -> str:
    return said_time(moment)[:10]


def _instant(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.min, UTC)
