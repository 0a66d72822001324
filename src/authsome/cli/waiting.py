"""Wait for what a person does in a browser, and show that we do."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from authsome.client.errors import ServerNotRunning, ServerUnreachable
from authsome.kit.errors import ExpiredError

T = TypeVar("T")
QUICK, SLOW = 0.5, 2.0
QUICK_TRIES = 40
PATIENCE_SECONDS = 60.0  # a server may be restarted while a person looks for a password


class WaitedTooLong(ExpiredError):
    """Nobody answered in time."""

    code = "waited_too_long"
    hint = "run the command again for a new link"


def wait_for(
    look: Callable[[], T | None], *, what: str, seconds: float, how_far: Callable[[], str] = lambda: ""
) -> T:
    """What `look` returns once it is not None. Raises `WaitedTooLong`.

    `how_far` is said beside the seconds, where somebody sees it.
    """
    begun = heard = time.monotonic()
    tries = 0
    with _progress(what, how_far) as show:
        while True:
            try:
                found, heard = look(), time.monotonic()
            except (ServerNotRunning, ServerUnreachable):
                found = None
                if time.monotonic() - heard > PATIENCE_SECONDS:
                    raise
            if found is not None:
                return found
            waited = time.monotonic() - begun
            if waited > seconds:
                raise WaitedTooLong
            show(waited)
            tries += 1
            time.sleep(QUICK if tries < QUICK_TRIES else SLOW)


@contextmanager
def _progress(what: str, how_far: Callable[[], str]) -> Iterator[Callable[[float], None]]:
    """One line that counts the seconds on a terminal; elsewhere one line once."""
    if not sys.stderr.isatty():
        click.echo(f"Waiting {what} …", err=True)
        yield lambda _waited: None
        return

    def show(waited: float) -> None:
        minutes, seconds = divmod(int(waited), 60)
        far = how_far()
        line = f"\r\x1b[KWaiting {what} … {minutes}:{seconds:02d}{far and f', {far}'}  (Ctrl-C to stop)"
        click.echo(line, err=True, nl=False)

    try:
        yield show
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)
