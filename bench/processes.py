"""What the system knows of a process: its memory and the processor time it has used."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def resident_mb(pid: int) -> float:
    """Resident memory, in units of a million bytes."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
        kib = int(line.split()[1])
    else:
        kib = int(
            subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True).stdout
        )
    return kib * 1024 / 1e6


def peak_mb(pid: int) -> float:
    """The most resident memory it ever had, in units of a million bytes; what it has now without /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return resident_mb(pid)
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def processor_seconds(pid: int) -> float | None:
    """User and system time so far; None where there is no /proc."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return None
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def starved_seconds(pid: int) -> float | None:
    """How long its threads were ready and had no processor: other programs' doing, and each other's.

    None where the system does not tell.
    """
    try:
        waits = [path.read_text().split()[1] for path in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    except OSError:  # a thread ended while we looked
        return None
    return sum(map(int, waits)) / 1e9 if waits else None
