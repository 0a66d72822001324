"""A real server process, as `authsome up` starts it, with an environment and a home of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from authsome.client.server_file import ServerFile, find_server_file

AUTHSOME = Path(sys.executable).with_name("authsome")
START_SECONDS = 60


class RealServer:
    """Starts, kills and restarts one server. The ports stay the same over restarts."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "AUTHSOME_HOME": str(home),
            "AUTHSOME_PORT": "0",
            "AUTHSOME_PROXY_PORT": "0",
            **settings,
        }

    def __enter__(self) -> RealServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> ServerFile:
        """`authsome up`; afterwards the ports are fixed."""
        done = self.command("up")
        assert done.returncode == 0, f"{done.stderr}\nits log:\n{self.log()}"
        self.environment |= {
            "AUTHSOME_PORT": str(self.file.port),
            "AUTHSOME_PROXY_PORT": str(self.file.proxy_port),
        }
        return self.file

    @property
    def file(self) -> ServerFile:
        found = find_server_file(self.home / "server")
        assert found is not None, f"the server does not run; its log:\n{self.log()}"
        return found

    @property
    def base_url(self) -> str:
        return self.file.base_url

    def kill(self) -> None:
        """`kill -9`, and wait until the process is gone."""
        pid = self.file.pid
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid)

    def stop(self) -> None:
        self.command("down", check=False)

    def command(self, *arguments: str, check: bool = False, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run `authsome …` in the server's environment."""
        return subprocess.run(
            [str(AUTHSOME), *arguments],
            env=self.environment | extra,
            text=True,
            capture_output=True,
            timeout=START_SECONDS,
            check=check,
        )

    def log(self) -> str:
        path = self.home / "server" / "server.log"
        return path.read_text() if path.exists() else ""


def wait_until_gone(pid: int) -> None:
    """Wait for the end of a process that somebody else waits for. Raises `TimeoutError` after ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.01)
    raise TimeoutError(f"process {pid} does not end")
