"""`make dev`: runs the server in a home of its own and restarts it when a source file changes.

A restart, not a reload: start and stop are part of the product, and a developer meets them a hundred
times a day. The home is AUTHSOME_HOME, which the Makefile sets to `.dev`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
SERVER = (sys.executable, "-m", "authsome.cli.main", "up", "--foreground")
INTERVAL = 0.5  # seconds between looks; a full look at the tree takes a few milliseconds
GRACE = 5.0  # seconds to stop in; the server's own promise is three


def newest(folder: Path) -> int:
    """When a file below `folder` last changed, in nanoseconds; bytecode does not count."""
    files = (path for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file())
    return max((path.stat().st_mtime_ns for path in files), default=0)


def watch(command: Sequence[str], folder: Path) -> None:
    """Keep `command` running until interrupted. One that ends by itself waits for the next change."""
    seen = newest(folder)
    process = subprocess.Popen(command)
    try:
        while True:
            time.sleep(INTERVAL)
            changed = newest(folder)
            if changed != seen:
                seen = changed
                print("Something changed; starting again", flush=True)
                stop(process)
                process = subprocess.Popen(command)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and end it when it does not."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    try:
        watch(SERVER, SOURCE)
    except KeyboardInterrupt:
        sys.exit(0)
