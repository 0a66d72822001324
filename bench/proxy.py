"""What the proxy adds to a request, measured against the same request sent directly, in the same run.

Provider, proxy and clients are three processes on loopback, TLS everywhere. On two cores they compete for
processors, so the requests a second are those of all three together; the proxy's own processor time for
a request says what one core of it could do.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

from bench.figure import Figure, Scale, table
from bench.processes import processor_seconds, resident_mb
from bench.proxy_load import Taken, Way, download, listen, load
from bench.proxy_upstream import BLOB_BYTES, authority, gateway, provider, serving

CLIENTS = (1, 8, 32)
AIM_PER_SECOND, AIM_ADDED_MS = 6000, 0.3


def run(scale: Scale) -> list[Figure]:
    """Throughput and added latency at 1, 8, 32 clients; a large download; a stream's first event."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side in ("provider", "gateway"):
            authority(folder / side)
        with (
            serving(provider, folder / "provider") as (_, port),
            serving(gateway, folder / "gateway") as (pid, proxy_port),
            ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool,
        ):
            direct = Way(port=port, proxy_port=0, roots=folder / "provider" / "ca.pem")
            through = Way(port=port, proxy_port=proxy_port, roots=folder / "gateway" / "ca.pem")
            pool.submit(load, through, 8, 0.3).result()
            figures = [
                figure for clients in CLIENTS for figure in _load(pool, direct, through, pid, clients, scale)
            ]
            figures += _download(pool, direct, through, pid)
            return [*figures, _events(pool, direct, through)]


def _load(
    pool: ProcessPoolExecutor, direct: Way, through: Way, pid: int, clients: int, scale: Scale
) -> list[Figure]:
    plain: list[Taken] = []
    proxied: list[Taken] = []
    costs: list[float] = []
    seconds = scale.seconds / 3
    for _ in range(scale.rounds):
        plain.append(pool.submit(load, direct, clients, seconds).result())
        before = processor_seconds(pid)
        taken = pool.submit(load, through, clients, seconds).result()
        proxied.append(taken)
        after = processor_seconds(pid)
        if before is not None and after is not None:
            costs.append((after - before) / (taken.per_second * seconds) * 1e6)
    note = f"p99 {median(taken.p99 for taken in proxied):.2f} ms"
    if costs:
        note += f", {median(costs):.0f} us of processor in the proxy for a request"
    added = median(t.p50 - p.p50 for t, p in zip(proxied, plain, strict=True))
    return [
        Figure(
            what=f"proxied requests, {clients} clients",
            value=median(taken.per_second for taken in proxied),
            baseline=median(taken.per_second for taken in plain),
            unit="/s",
            against="direct",
            aim=f"{AIM_PER_SECOND:,}/s" if clients > 1 else "",
            note=note,
        ),
        Figure(
            what=f"added latency, {clients} clients",
            value=added,
            unit="ms",
            aim=f"{AIM_ADDED_MS} ms" if clients == 1 else "",
            note="difference of the medians" + ("" if clients == 1 else "; with waiting for a processor"),
        ),
    ]


def _download(pool: ProcessPoolExecutor, direct: Way, through: Way, pid: int) -> list[Figure]:
    megabytes = BLOB_BYTES / 1e6
    before = resident_mb(pid)
    plain = pool.submit(download, direct, BLOB_BYTES).result()
    proxied = pool.submit(download, through, BLOB_BYTES).result()
    return [
        Figure(
            what="download of 512 MiB",
            value=megabytes / proxied,
            baseline=megabytes / plain,
            unit="MB/s",
            against="direct",
        ),
        Figure(
            what="memory at the peak of it",
            value=_peak_mb(pid),
            baseline=before,
            unit="MB",
            against="before",
            aim="constant",
            note="the existing product holds 2 GB",
        ),
    ]


def _events(pool: ProcessPoolExecutor, direct: Way, through: Way) -> Figure:
    plain = pool.submit(listen, direct).result()
    proxied = pool.submit(listen, through).result()
    return Figure(
        what="first event of a stream",
        value=proxied[0],
        baseline=plain[0],
        unit="ms",
        against="direct",
        note=f"later ones {median(proxied):.2f} ms; the existing product holds the first back for 5 s",
    )


def _peak_mb(pid: int) -> float:
    """The most the process ever held, in units of a million bytes, or what it holds now."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return resident_mb(pid)
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    print(table("proxy", run(Scale.quick())))
