"""The places that facts can be sent to. Each is a `telemetry.sink.Sink` and knows one outside."""

from __future__ import annotations

FILE = (
    "file"  # the name of the file's sink, for ever; here, so that to know it one need not import what writes
)
