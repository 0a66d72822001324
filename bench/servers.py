"""Server processes to measure, each in a home of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import create_engine, text

from authsome.client.server_file import ServerFile
from authsome.store.database import SQLITE_FILES
from tests.support.server import RealServer

WIDE = {"AUTHSOME_PENDING_PER_ADDRESS": "10000000", "AUTHSOME_PENDING_IN_ALL": "10000000"}


@dataclass(frozen=True, slots=True)
class Target:
    """What a load generator needs to know of a server, and where its database is."""

    pid: int
    port: int
    authority: str
    database: str


@contextmanager
def server(**settings: str) -> Iterator[Target]:
    """`authsome up`, until the block ends."""
    with folder() as home, RealServer(home, **WIDE, **settings) as running:
        yield _target(running.file, running.environment)


@contextmanager
def server_without_log(**settings: str) -> Iterator[Target]:
    """The same server, but for its event log."""
    with folder() as home:
        environment = RealServer(home, **WIDE, **settings).environment
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.silent"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parent.parent,
        )
        try:
            assert process.stdout is not None
            yield _target(ServerFile(**json.loads(process.stdout.readline())), environment)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=15)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one server, on the disk that temporary files are on."""
    with tempfile.TemporaryDirectory(prefix="authsome-bench-", ignore_cleanup_errors=True) as path:
        yield Path(path)


def end_pending(target: Target) -> None:
    """Let every pending claim be expired, as in time the server would.

    A registration looks at the pending claims, up to the limit, which is lifted here. Without this, each
    round would pay for all rounds before it.
    """
    engine = create_engine(target.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE claim SET state = 'expired' WHERE state = 'pending'"))
    engine.dispose()


def _target(file: ServerFile, environment: dict[str, str]) -> Target:
    embedded = f"sqlite:///{environment['AUTHSOME_HOME']}/server/{SQLITE_FILES[0]}"
    database = environment.get("AUTHSOME_DATABASE_URL", embedded)
    return Target(file.pid, file.port, urlsplit(file.base_url).netloc, database)
