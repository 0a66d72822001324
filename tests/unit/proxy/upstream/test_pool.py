"""Idle connections: the youngest first, bounded, and none that is too old for what it would carry."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from authsome.proxy.limits import Limits
from authsome.proxy.upstream.connection import Key, Upstream
from authsome.proxy.upstream.pool import Pool

LIMITS = Limits(pooled=4, pooled_per_host=2)
BUFFER = memoryview(bytearray(100))
HERE = Key("a.example", 443, False)


class Wire(asyncio.Transport):
    """A transport that goes nowhere and knows whether it is open."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False

    def is_closing(self) -> bool:
        return self.closed

    def abort(self) -> None:
        self.closed = True

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is ever buffered."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default


def upstream(key: Key = HERE, *, idle: float = 0) -> Upstream:
    made = Upstream(key, LIMITS, buffer=BUFFER)
    made.connection_made(Wire())
    made.idle_since = time.monotonic() - idle
    return made


def test_the_one_used_last_is_taken_first() -> None:
    pool, older, younger = Pool(LIMITS), upstream(idle=2), upstream(idle=1)
    pool.give(older)
    pool.give(younger)
    assert pool.take(HERE, may_repeat=True) is younger
    assert pool.take(HERE, may_repeat=True) is older
    assert pool.take(HERE, may_repeat=True) is None


def test_a_request_that_may_not_be_repeated_gets_only_a_fresh_connection() -> None:
    pool = Pool(LIMITS)
    pool.give(upstream(idle=LIMITS.pooled_seconds_unsafe + 1))
    assert pool.take(HERE, may_repeat=False) is None
    assert pool.take(HERE, may_repeat=True) is not None


def test_hosts_ports_and_listings_are_kept_apart() -> None:
    pool = Pool(LIMITS)
    pool.give(upstream())
    for other in (Key("b.example", 443, False), Key("a.example", 444, False), Key("a.example", 443, True)):
        assert pool.take(other, may_repeat=True) is None


def test_closed_connections_are_never_handed_out() -> None:
    pool, gone = Pool(LIMITS), upstream()
    pool.give(gone)
    gone.connection_lost(None)
    assert pool.take(HERE, may_repeat=True) is None


def test_the_stock_is_bounded_and_what_is_too_much_is_closed() -> None:
    pool = Pool(LIMITS)
    made = [upstream(Key(f"{number % 3}.example", 443, False)) for number in range(9)]
    for each in made:
        pool.give(each)
    assert sum(each.is_open for each in made) <= LIMITS.pooled


def test_what_is_idle_for_too_long_is_swept() -> None:
    pool, old, young = Pool(LIMITS), upstream(idle=LIMITS.pooled_seconds + 1), upstream()
    pool.give(old)
    pool.give(young)
    pool.sweep()
    assert not old.is_open
    assert pool.take(HERE, may_repeat=True) is young


def test_bytes_on_an_idle_connection_close_it() -> None:
    pool, idle = Pool(LIMITS), upstream()
    pool.give(idle)
    idle.buffer_updated(10)
    assert pool.take(HERE, may_repeat=True) is None
