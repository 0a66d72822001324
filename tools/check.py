"""`make check`: runs every check, says how long each took, and fails if one did.

All of them run even after a failure, because a change often breaks two and both are worth knowing.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE, STDOUT

ROOT = Path(__file__).resolve().parent.parent
TYPED = [name for name in ("src", "tools", "bench", "tests") if any((ROOT / name).rglob("*.py"))]
PYTHON = sys.executable
BIN = str(Path(PYTHON).parent)
CHECKS: Mapping[str, list[str]] = {
    "lint": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "types": [PYTHON, "-m", "mypy", "--no-error-summary", *TYPED],
    "imports": [f"{BIN}/lint-imports", "--no-logo"],
    "shape": [PYTHON, "-m", "tools.shape"],
    "generated files": [PYTHON, "-m", "tools.docs", "--check"],
    "audit of events": [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/audit"],
}


def run(checks: Mapping[str, list[str]]) -> int:
    """Run each command; print its output only when it fails. Returns how many failed."""
    failed = 0
    for name, command in checks.items():
        started = time.monotonic()
        result = subprocess.run(command, cwd=ROOT, stdout=PIPE, stderr=STDOUT, text=True)
        verdict = "FAILED" if result.returncode else "ok"
        print(f"{name:16} {verdict:7} {time.monotonic() - started:5.1f} s", flush=True)
        if result.returncode:
            failed += 1
            print(result.stdout, flush=True)
    print(f"{len(checks) - failed} of {len(checks)} checks hold", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(1 if run(CHECKS) else 0)
