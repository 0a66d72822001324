"""Run a command in our place: its own streams, our signals, its exit code."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from authsome.kit.errors import InvalidError, MissingError

FORWARDED = (
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGUSR1,
    signal.SIGUSR2,
)
FROM_THE_KEYBOARD = (signal.SIGINT, signal.SIGQUIT)


class CommandNotFound(MissingError):
    """There is no such command."""

    code = "command_not_found"
    hint = "check the name, or give the whole path"


class CommandNotExecutable(InvalidError):
    """The command cannot be executed."""

    code = "command_not_executable"
    hint = "check that it is a program and that you may execute it"


def find_program(name: str) -> str:
    """What would be executed for `name`. Raises `CommandNotFound` or `CommandNotExecutable`."""
    found = shutil.which(name)
    if found is not None:
        return found
    if os.sep in name and Path(name).exists():
        raise CommandNotExecutable(f"{name} cannot be executed")
    raise CommandNotFound(f"there is no command {name}")


def run_child(program: str, command: Sequence[str], environment: Mapping[str, str]) -> int:
    """The command's exit code, or the negative number of the signal that ended it.

    Raises `CommandNotFound` or `CommandNotExecutable` when it cannot even begin.
    """
    with _Signals() as signals:
        try:
            child = subprocess.Popen(list(command), executable=program, env=dict(environment))
        except FileNotFoundError:
            raise CommandNotFound(f"{program} names an interpreter that is not there") from None
        except OSError as error:
            raise CommandNotExecutable(f"{program} cannot be executed: {error.strerror}") from None
        signals.go_to(child)
        return child.wait()


class _Signals:
    """Hands the signals that we get on to the child. Those that were ignored when we began stay ignored."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> _Signals:
        for number in FORWARDED:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._hand_on)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def go_to(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        for number in self._early:
            child.send_signal(number)

    def _hand_on(self, number: int, _frame: FrameType | None) -> None:
        if self._child is None:
            self._early.append(number)
        elif not (number in FROM_THE_KEYBOARD and _owns_the_terminal()):
            self._child.send_signal(number)


def _owns_the_terminal() -> bool:
    """Whether our process group has the terminal: what is typed there then reaches the child without us."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError, AttributeError):
        return False
