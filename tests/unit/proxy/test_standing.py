"""One answer for all connections of a run to a host: asked for once, and never older than the last commit."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from dataclasses import dataclass, field, replace

from authsome.kit.secret import Secret
from authsome.proxy.gate import Outcome, Passage, Refusal, RunPass
from authsome.proxy.inject import Injection
from authsome.proxy.limits import Limits
from authsome.proxy.standing import Standings

NO = Refusal("not_granted", "no", "ask")


@dataclass
class SlowGate:
    """Answers when it is let go on. It looks at its registry when it is asked, as a transaction does."""

    passes: bool = True
    lasts: float | None = None
    changes: int = 0
    asked: list[str] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def admit(self, token: Secret) -> RunPass | Refusal:
        self.asked.append(token.reveal())
        return RunPass("run_1")

    async def open(self, run: RunPass, host: str, port: int) -> Passage | Refusal:
        passage = Passage(connection_id="con_1", host=host, port=port, lasts=self.lasts)
        found = passage if self.passes else NO
        await self.go_on.wait()
        return found

    def used(self, passage: Passage, outcome: Outcome) -> None:
        """Nothing is counted here."""

    def generation(self) -> int:
        return self.changes

    def commit(self, *, passes: bool) -> None:
        self.passes = passes
        self.changes += 1


def standings(gate: SlowGate, limits: Limits | None = None) -> Standings:
    tasks: set[asyncio.Task[object]] = set()
    return Standings(gate, limits or Limits(), tasks.add)


async def started(*work: asyncio.Task[Injection | Refusal]) -> None:
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(one.done() for one in work)


async def test_connections_that_ask_at_once_ask_once() -> None:
    gate = SlowGate()
    known = standings(gate)
    one, other = known.of(Secret("t"), "a", 443), known.of(Secret("t"), "a", 443)
    asking = [asyncio.create_task(each.ask()) for each in (one, other, one)]
    await started(*asking)
    gate.go_on.set()
    answers = await asyncio.gather(*asking)
    assert gate.asked == ["t"]
    assert answers[0] is answers[1] is answers[2] is other.injection_now()


async def test_who_asks_after_a_commit_is_not_told_what_was_asked_before_it() -> None:
    gate = SlowGate()
    standing = standings(gate).of(Secret("t"), "a", 443)
    before = asyncio.create_task(standing.ask())
    await started(before)
    gate.commit(passes=False)
    after = asyncio.create_task(standing.ask())
    await started(before, after)
    gate.go_on.set()
    assert await after == NO
    assert isinstance(await before, Injection)  # it asked before the commit, and is answered as of then
    assert standing.injection_now() is None


async def test_an_answer_that_was_overtaken_does_not_replace_the_newer_one() -> None:
    gate = SlowGate()
    standing = standings(gate).of(Secret("t"), "a", 443)
    old = asyncio.create_task(standing.ask())
    await started(old)
    held, gate.go_on = gate.go_on, asyncio.Event()
    gate.go_on.set()
    gate.commit(passes=True)
    newer = await standing.ask()
    held.set()
    await old
    assert standing.injection_now() is newer


async def test_whoever_leaves_takes_the_answer_from_nobody() -> None:
    gate = SlowGate()
    standing = standings(gate).of(Secret("t"), "a", 443)
    leaving, staying = (asyncio.create_task(standing.ask()) for _ in range(2))
    await started(leaving, staying)
    leaving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await leaving
    gate.go_on.set()
    assert isinstance(await staying, Injection)
    assert gate.asked == ["t"]


async def test_another_token_host_or_port_asks_for_itself() -> None:
    gate = SlowGate()
    gate.go_on.set()
    known = standings(gate)
    for token, host, port in (("t", "a", 443), ("u", "a", 443), ("t", "b", 443), ("t", "a", 444)):
        standing = known.of(Secret(token), host, port)
        assert standing.injection_now() is None
        await standing.ask()
    assert gate.asked == ["t", "u", "t", "t"]


async def test_an_answer_ages_for_all() -> None:
    gate = SlowGate()
    gate.go_on.set()
    standing = standings(gate, replace(Limits(), decision_age=0.05)).of(Secret("t"), "a", 443)
    await standing.ask()
    assert standing.injection_now() is not None
    await asyncio.sleep(0.06)
    assert standing.injection_now() is None


async def test_an_answer_is_kept_no_longer_than_what_it_allows_lasts() -> None:
    gate = SlowGate(lasts=0.05)
    gate.go_on.set()
    standing = standings(gate, replace(Limits(), decision_age=60)).of(Secret("t"), "a", 443)
    assert isinstance(await standing.ask(), Injection)
    await asyncio.sleep(0.06)
    assert standing.injection_now() is None


async def test_a_refusal_is_not_kept() -> None:
    gate = SlowGate(passes=False)
    gate.go_on.set()
    standing = standings(gate).of(Secret("t"), "a", 443)
    assert await standing.ask() == NO
    gate.passes = True  # as a lease that was taken: nothing is committed
    assert isinstance(await standing.ask(), Injection)


async def test_nothing_is_known_of_a_run_without_connections() -> None:
    gate = SlowGate()
    gate.go_on.set()
    known = standings(gate)
    standing = known.of(Secret("t"), "a", 443)
    await standing.ask()
    assert len(known) == 1
    del standing
    await asyncio.sleep(0)
    gc.collect()
    assert len(known) == 0
