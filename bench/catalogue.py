"""The benchmarks by name, each imported only when it is run."""

from __future__ import annotations

from importlib import import_module

from bench.figure import Figure, Scale

MODULES = {
    "events": "bench.event_log",
    "registrations": "bench.registering",
    "signed": "bench.signing",
    "proxy": "bench.proxy",
    "gateway": "bench.gateway",
    "connections": "bench.connected.run",
    "start": "bench.starting",
    "dashboard": "bench.projection",
    "recording": "bench.recording",
    "relay": "bench.relaying",
    "undelivered": "bench.undelivered",
    "lasting": "bench.lasting",
    "size": "bench.size.run",
}


def run(name: str, scale: Scale) -> list[Figure]:
    """The figures of one benchmark."""
    figures: list[Figure] = import_module(MODULES[name]).run(scale)
    return figures
