"""The proxy in its house: an agent's requests through a whole server, as `authsome run` sends them.

Beside `proxy`, which measures the engine by itself, this has the real gate: a run token, a grant, a sealed
connection, usage that is counted, and the API in the same process. The load generator is the command that
`authsome run` runs; it finds the proxy and the CA in its environment, as any client would.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from authsome.testing.journey import Journey
from authsome.testing.stage import Stage
from bench.figure import Figure, Scale
from bench.processes import processor_seconds
from bench.proxy_load import Way, load
from bench.proxy_upstream import KEY, authority, provider, serving
from bench.servers import folder

CLIENTS = (1, 8, 32)
PASSWORD = "bench-0123456789"


def run(scale: Scale) -> list[Figure]:
    with folder() as home:
        authority(home / "provider")
        with serving(provider, home / "provider") as (_, port), _house(home, port) as stage:
            pid = str(stage.ask("status")["pid"])
            given = [
                str(port),
                str(home / "provider" / "ca.pem"),
                pid,
                str(scale.seconds / 3),
                str(scale.rounds),
            ]
            said = stage.run("run", "--", sys.executable, "-m", "bench.gateway", *given)
    return [figure for clients, rounds in json.loads(said).items() for figure in _figures(clients, rounds)]


def _figures(clients: str, rounds: list[dict[str, Any]]) -> Iterator[Figure]:
    costs = [one["cost"] for one in rounds if one["cost"] is not None]
    note = f"p99 {median(one['through']['p99'] for one in rounds):.2f} ms"
    if costs:
        note += f", {median(costs) * 1e6:.0f} us of processor in the server for a request"
    yield Figure(
        what=f"requests through the gateway, {clients} clients",
        value=median(one["through"]["per_second"] for one in rounds),
        baseline=median(one["direct"]["per_second"] for one in rounds),
        unit="/s",
        against="direct",
        aim="6,000/s" if clients != "1" else "",
        note=note,
    )
    yield Figure(
        what=f"added latency, {clients} clients",
        value=median(one["through"]["p50"] - one["direct"]["p50"] for one in rounds),
        unit="ms",
        aim="0.3 ms" if clients == "1" else "",
        note="difference of the medians",
    )


@contextmanager
def _house(home: Path, port: int) -> Iterator[Stage]:
    """A server, a person, and an agent that may use a connection to the provider at `port`."""
    stage = Stage(
        home / "home",
        AUTHSOME_PORT="0",
        AUTHSOME_PROXY_PORT="0",
        AUTHSOME_TELEMETRY="local",
        AUTHSOME_UPSTREAM_CA_FILE=str(home / "provider" / "ca.pem"),
    )
    person, listed = Journey(stage, email="ada@bench.invalid", password=PASSWORD), f"localhost:{port}"
    try:
        person.begin()
        person.sign_in()
        inject = {"header": "Authorization", "template": "Bearer {api_key}"}
        definition = {"name": "bench", "display_name": "Bench", "hosts": [listed], "inject": inject}
        (home / "bench.json").write_text(json.dumps(definition), encoding="utf-8")
        stage.run("providers", "add", str(home / "bench.json"), "--allow-private", listed)
        connection_id = person.connect("bench", KEY.removeprefix("Bearer "))
        person.onboard(stage, label="bench", connection_ids=[connection_id])
        yield stage
    finally:
        person.end()


def measure(
    port: int, roots: Path, pid: int, *, seconds: float, rounds: int
) -> dict[int, list[dict[str, Any]]]:
    """Inside of the run: direct and through the gateway in turns, by number of clients."""
    proxy = urlsplit(os.environ["HTTPS_PROXY"])
    assert proxy.port is not None
    direct = Way(port=port, proxy_port=0, roots=roots)
    through = Way(
        port=port,
        proxy_port=proxy.port,
        roots=Path(os.environ["SSL_CERT_FILE"]),
        credentials=f"{proxy.username}:{proxy.password}",
    )
    load(through, 8, 0.3)
    return {
        clients: [_round(direct, through, pid, clients, seconds=seconds) for _ in range(rounds)]
        for clients in CLIENTS
    }


def _round(direct: Way, through: Way, pid: int, clients: int, *, seconds: float) -> dict[str, Any]:
    plain, before = load(direct, clients, seconds), processor_seconds(pid)
    proxied, after = load(through, clients, seconds), processor_seconds(pid)
    cost = None if before is None or after is None else (after - before) / (proxied.per_second * seconds)
    return {"direct": asdict(plain), "through": asdict(proxied), "cost": cost}


if __name__ == "__main__":
    port, roots, pid, seconds, rounds = sys.argv[1:]
    print(json.dumps(measure(int(port), Path(roots), int(pid), seconds=float(seconds), rounds=int(rounds))))
