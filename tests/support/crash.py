"""Die before the n-th statement, for tests of what a crash leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


class Crash(BaseException):
    """The process is gone; nothing that follows is executed."""


@contextmanager
def crash_before(nth: int, *engines: Engine) -> Iterator[None]:
    """Raise `Crash` before the `nth` statement that any of the engines is asked for."""
    left = nth

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Crash

    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", count)
