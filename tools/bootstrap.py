"""Makes .venv and installs the locked packages into it, with nothing but the standard library.

`make` runs this whenever the lock or pyproject.toml is newer than .venv/.ready. That file holds the
digests of both, so that a touched but unchanged file costs nothing. With the argument `deep` it then adds
what only `make deep` needs, which .venv/.deep remembers in the same way.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
READY = VENV / ".ready"
LOCK = "requirements/dev.lock"
DEEP = VENV / ".deep"
DEEP_LOCK = "requirements/deep.lock"
PROJECT = "pyproject.toml"
PYTHON = str(VENV / "bin/python")
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")
PACKAGE = re.compile(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)")
FAILED = "pip failed; its last lines are above. Run `make setup` to try again."
NO_VENV = """This Python cannot make virtual environments: its module {module} is missing.
On Debian and Ubuntu: apt-get install python3-venv    (or python{major}.{minor}-venv)"""


def main() -> int:
    """Bring .venv up to date. Two runs at once wait for each other."""
    deep = sys.argv[1:] == ["deep"]
    os.chdir(ROOT)
    directory = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(directory, fcntl.LOCK_EX)
    wanted = {name: hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in (LOCK, PROJECT)}
    present = dict(line.split() for line in READY.read_text().splitlines()) if READY.exists() else {}
    if not _works():
        present = {}
        _make_venv()
    if present.get(LOCK) != wanted[LOCK]:
        _install_locked(LOCK)
    if present != wanted:
        _run(*PIP, "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
    READY.write_text("".join(f"{path} {digest}\n" for path, digest in wanted.items()))
    if deep:
        _deepen()
    return 0


def _deepen() -> None:
    digest = hashlib.sha256(Path(DEEP_LOCK).read_bytes()).hexdigest()
    if not DEEP.exists() or DEEP.read_text() != digest:
        _install_locked(DEEP_LOCK)
    DEEP.write_text(digest)


def _works() -> bool:
    """Whether .venv has a Python that runs: a moved folder or an upgraded system breaks it."""
    try:
        return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def _make_venv() -> None:
    for module in ("venv", "ensurepip"):
        try:
            __import__(module)
        except ImportError:
            major, minor = sys.version_info[:2]
            raise SystemExit(NO_VENV.format(module=module, major=major, minor=minor)) from None
    print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)


def _install_locked(lock: str) -> None:
    total = sum(1 for line in Path(lock).read_text().splitlines() if line[:1].isalnum())
    print(f"Installing {total} packages, by hash, from {lock}", flush=True)
    started = time.monotonic()
    # --no-compile: bytecode is written when a module is first used, not for thousands that never are.
    command = [PYTHON, *PIP, "install", "--no-compile", "--require-hashes", "-r", lock]
    tail: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in _counted(pip.stdout or (), total):
            tail = [*tail[-30:], line]
    if pip.returncode:
        raise SystemExit("".join(tail) + FAILED)
    print(f"Done in {time.monotonic() - started:.0f} s", flush=True)


def _counted(lines: Iterable[str], total: int) -> Iterator[str]:
    """Passes pip's lines on and shows how far it is, on a terminal in place."""
    seen = 0
    for line in lines:
        found = PACKAGE.match(line)
        if found and sys.stdout.isatty():
            seen += 1
            print(f"\r  {min(seen, total)} of {total}  {found[1][:60]:60}", end="", flush=True)
        elif line.startswith("Installing collected") and sys.stdout.isatty():
            print("\r  unpacking" + " " * 70, flush=True)
        yield line


def _run(*arguments: str) -> None:
    result = subprocess.run([PYTHON, *arguments])
    if result.returncode:
        raise SystemExit(FAILED)


if __name__ == "__main__":
    sys.exit(main())
