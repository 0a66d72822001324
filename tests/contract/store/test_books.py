"""The books count once, lease to one, and move cursors for whoever looked last."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from datetime import timedelta

from authsome.store.books.books import Books
from authsome.store.books.drafts import MOST_PER_PRINCIPAL
from authsome.store.books.usage import UsageKey
from authsome.store.transactions import Store
from authsome.testing.clock import START, SimulatedClock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def test_a_nonce_counts_once(store: Store) -> None:
    def use() -> object:
        return store.keep(lambda b: b.nonces.use("x", now=b.now, expires_at=b.now + MINUTE))

    answers = await asyncio.gather(*(use() for _ in range(8)))  # type: ignore[call-overload]
    assert sorted(answers) == [False] * 7 + [True]


async def test_attempts_are_counted_and_forgotten_with_the_window(
    store: Store, clock: SimulatedClock
) -> None:
    async def hit() -> bool:
        return await store.keep(lambda b: b.limits.hit("k", at_most=2, within=MINUTE))

    assert [await hit() for _ in range(4)] == [True, True, False, False]
    clock.advance(MINUTE)
    assert await hit()
    await store.keep(lambda b: b.limits.forget_past())
    assert [await hit(), await hit()] == [True, False]


async def test_a_lease_belongs_to_one_until_it_ends(store: Store, clock: SimulatedClock) -> None:
    async def take(holder: str) -> bool:
        return await store.keep(lambda b: b.leases.take("l", holder, lasts=MINUTE))

    assert await take("a")
    assert not await take("b")
    assert await take("a")
    clock.advance(MINUTE)
    assert await take("b")
    assert not await store.keep(lambda b: b.leases.renew("l", "a", lasts=MINUTE))
    await store.keep(lambda b: b.leases.release("l", "b"))
    assert await take("a")


async def test_a_lapsed_lease_is_not_renewed(store: Store, clock: SimulatedClock) -> None:
    await store.keep(lambda b: b.leases.take("run:1", "1", lasts=MINUTE))
    clock.advance(MINUTE)
    assert not await store.keep(lambda b: b.leases.renew("run:1", "1", lasts=MINUTE))
    assert await store.keep(lambda b: b.leases.list_lapsed("run:", 10)) == ["run:1"]


async def test_a_cursor_moves_only_for_whoever_knows_where_it_is(store: Store) -> None:
    await store.keep(lambda b: b.cursors.open("r"))
    assert await store.keep(lambda b: b.cursors.move("r", seen=0, to=5))
    assert not await store.keep(lambda b: b.cursors.move("r", seen=0, to=3))
    assert (await store.keep(lambda b: b.cursors.open("r"))).position == 5


async def test_a_disabled_reader_does_not_hold_the_log(store: Store) -> None:
    await store.keep(lambda b: (b.cursors.open("fast", at=9), b.cursors.open("slow", at=2)))
    assert await store.keep(lambda b: b.cursors.slowest_enabled()) == 2
    await store.keep(lambda b: b.cursors.set("slow", enabled=False))
    assert await store.keep(lambda b: b.cursors.slowest_enabled()) == 9


async def test_usage_adds_up_and_is_reported_once(store: Store) -> None:
    key = UsageKey(START, "idn_1", "con_1", "proxy", "delivered")
    await store.keep(lambda b: b.usage.add({key: 2}))
    await store.keep(lambda b: b.usage.add({key: 3}))
    later = START + timedelta(hours=1)
    assert await store.keep(lambda b: b.usage.list_unreported(later, 10)) == [(key, 5)]
    assert await store.keep(lambda b: b.usage.list_unreported(START, 10)) == []
    await store.keep(lambda b: b.usage.mark_reported([key]))
    assert await store.keep(lambda b: b.usage.list_unreported(later, 10)) == []


async def test_an_hour_is_closed_when_the_slowest_living_server_says_so(
    store: Store, clock: SimulatedClock
) -> None:
    async def report(server: str, *, late: timedelta) -> None:
        at = clock.now()
        await store.keep(
            lambda b: b.servers.report(server, started_at=START, flushed_at=at - late, dropped=1)
        )

    await report("a", late=timedelta(0))
    await report("b", late=MINUTE)
    behind = clock.now() - await store.keep(lambda b: b.servers.closed_until())
    assert behind >= MINUTE
    await store.keep(lambda b: b.servers.leave("b"))
    behind = clock.now() - await store.keep(lambda b: b.servers.closed_until())
    assert behind < MINUTE
    assert await store.keep(lambda b: b.servers.dropped()) == 2


async def test_whoever_only_looks_holds_nobody_up(store: Store) -> None:
    looking, written = threading.Event(), threading.Event()

    def look(books: Books) -> bool:
        before = books.cursors.find("late")
        looking.set()
        assert written.wait(30)
        return before is None and books.cursors.find("late") is None

    async def write() -> None:
        await asyncio.to_thread(looking.wait, 30)
        await store.keep(lambda books: books.cursors.open("late"))
        written.set()

    saw_one_moment, _ = await asyncio.gather(store.look(look), write())
    assert saw_one_moment
    assert await store.look(lambda books: books.cursors.find("late"))


async def test_a_draft_is_its_principals_for_an_hour_and_the_oldest_go(
    store: Store, clock: SimulatedClock
) -> None:
    def keep(name: str, who: str = "prn_a") -> Awaitable[None]:
        return store.keep(lambda b: b.drafts.keep(name, principal_id=who, content={"name": name}, lasts=HOUR))

    async def found(name: str, who: str = "prn_a") -> bool:
        return await store.keep(lambda b: b.drafts.find(name, principal_id=who)) == {"name": name}

    await keep("amd_00")
    await keep("amd_b0", "prn_b")
    assert await found("amd_00")
    assert not await found("amd_00", "prn_b")
    for number in range(1, MOST_PER_PRINCIPAL + 1):
        await keep(f"amd_{number:02}")
    assert [await found("amd_00"), await found("amd_01"), await found("amd_b0", "prn_b")] == [
        False,
        True,
        True,
    ]
    await store.keep(lambda b: b.drafts.drop("amd_01"))
    assert not await found("amd_01")
    clock.advance(HOUR)
    assert not await found("amd_02")
    await store.keep(lambda b: b.drafts.forget_past())
    clock.advance(-HOUR)
    assert not await found("amd_02")
