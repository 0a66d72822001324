"""Background work goes on: it is woken, it is tried again, and it ends when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from authsome.runtime.repeat import Repeat

NEVER = 3600.0


class Steps:
    """Counts its calls, and answers or fails as it was told."""

    def __init__(self, *answers: object) -> None:
        self.calls = 0
        self._answers = list(answers)

    async def __call__(self) -> object:
        self.calls += 1
        answer = self._answers.pop(0) if self._answers else False
        if isinstance(answer, Exception):
            raise answer
        return answer


@asynccontextmanager
async def running(step: Callable[[], Awaitable[object]], *, every: float) -> AsyncIterator[Repeat]:
    repeat = Repeat("test", step, every=every)
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(repeat.run())
        await asyncio.sleep(0)
        yield repeat
        repeat.stop()


async def reach(steps: Steps, calls: int) -> None:
    while steps.calls < calls:
        await asyncio.sleep(0.001)


async def test_a_step_with_more_to_do_is_run_again_at_once() -> None:
    steps = Steps(True, 7)
    async with running(steps, every=NEVER):
        await reach(steps, 3)
        await asyncio.sleep(0.05)
    assert steps.calls == 3


async def test_waking_does_not_wait_for_the_time() -> None:
    steps = Steps()
    async with running(steps, every=NEVER) as repeat:
        await reach(steps, 1)
        await asyncio.sleep(0.01)
        await asyncio.to_thread(repeat.wake)
        await reach(steps, 2)


async def test_a_failure_is_tried_again_and_ends_nothing() -> None:
    steps = Steps(RuntimeError("no database"), False)
    async with running(steps, every=0.01):
        await reach(steps, 3)


async def test_what_comes_together_is_done_together() -> None:
    steps = Steps()
    repeat = Repeat("test", steps, every=NEVER, linger=0.1)
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(repeat.run())
        await reach(steps, 1)
        await asyncio.sleep(0.01)
        for _ in range(20):
            repeat.wake()
            await asyncio.sleep(0.001)
        await reach(steps, 2)
        await asyncio.sleep(0.05)
        assert steps.calls == 2
        repeat.stop()
