"""A machine to install on and throw away: this one, with an /etc, /opt and /var/lib of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SET_UP = """
set -e
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir "$1/upper" "$1/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" /etc
mount -t tmpfs -o mode=755 tmpfs /opt
mount -t tmpfs -o mode=755 tmpfs /var/lib
echo ready
exec sleep 1000
"""


class Disposable:
    """Everything in it that was mounted goes with its process."""

    def __init__(self, pid: int) -> None:
        self.inside = ["nsenter", f"--mount=/proc/{pid}/ns/mnt", "--wd=/", "--"]
        self._root = Path(f"/proc/{pid}/root")

    def path(self, inside: str) -> Path:
        """Where this process finds a path of the machine."""
        return self._root / inside.lstrip("/")

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """As root."""
        kept = {"PATH": os.environ["PATH"], "HOME": "/root"}
        done = subprocess.run([*self.inside, *command], env=kept, text=True, capture_output=True, timeout=90)
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done


@contextlib.contextmanager
def disposable(folder: Path) -> Iterator[Disposable]:
    """Raises `Impossible` where the system allows no such thing."""
    folder.mkdir()
    command = ["unshare", "--mount", "--propagation=private", "sh", "-c", SET_UP, "sh", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            if process.stdout.readline() != "ready\n":
                raise Impossible(process.stderr.read().strip())
            yield Disposable(process.pid)
        finally:
            process.kill()


class Impossible(Exception):
    """This system allows no mount namespace with an overlay; in a container it often does not."""


def missing() -> str:
    """What keeps such a machine from being made; empty if nothing obvious does."""
    tools = ("unshare", "nsenter", "setpriv", "runuser", "useradd")
    absent = [tool for tool in tools if shutil.which(tool) is None]
    if os.geteuid() != 0 or absent:
        return f"installing takes root{' and ' + ', '.join(absent) if absent else ''}"
    return ""
