"""What the figures were measured on, for whoever compares two runs."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from statistics import median
from typing import Any


def describe() -> dict[str, Any]:
    """Cores, load, versions, and what a commit waits for."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "fsync_us": round(fsync_seconds() * 1e6),
    }


def fsync_seconds(times: int = 60) -> float:
    """The median of a small write with fsync where temporary files lie."""
    waits = []
    with tempfile.TemporaryFile(buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            waits.append(time.perf_counter() - began)
    return median(waits)
