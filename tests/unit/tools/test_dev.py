"""The development server is started again when a file changes, and does not outlive its watcher."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SERVER = "import os, time; open('starts', 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
WATCHER = (
    "import sys; from pathlib import Path; from tools.dev import watch; watch(sys.argv[1:], Path('source'))"
)


def wait_for(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_change_starts_it_again_and_an_interrupt_ends_it(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    starts = tmp_path / "starts"

    def pids() -> list[int]:
        return [int(line) for line in starts.read_text().split()] if starts.exists() else []

    command = [sys.executable, "-c", WATCHER, sys.executable, "-c", SERVER]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as watcher:
        wait_for(lambda: len(pids()) == 1)
        (tmp_path / "source/changed.py").touch()
        wait_for(lambda: len(pids()) == 2)
        assert not is_alive(pids()[0])
        watcher.send_signal(signal.SIGINT)
        watcher.wait(20)
    assert not is_alive(pids()[1])
