"""Every bound of the proxy in one place: sizes in bytes, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much the proxy reads, holds and waits. The defaults fit one machine with a few hundred agents."""

    request_line: int = 16 * 1024
    head: int = 64 * 1024
    header_count: int = 200
    token: int = 512  # characters of a run token
    # One read. A buffer of this size is shared by all connections of one side and copied from at once;
    # without it the TLS layer allocates 256 KiB for each read, which costs as much as all the rest.
    read: int = 64 * 1024
    buffer: int = 128 * 1024  # bytes waiting in one direction before the other side is told to pause

    connections: int = 1024
    connections_per_run: int = 256
    strangers: int = 256  # connections of other machines that no run's token has been accepted on yet
    leaves: int = 256  # certificates kept ready
    names: int = 512  # resolved names kept

    head_seconds: float = 10  # from the first byte of a head to its last (slow-loris)
    handshake_seconds: float = 10
    decision_seconds: float = 10  # how long the gate may think
    decision_age: float = 0.5  # then it is asked again: other machines commit too, and runs end by silence
    idle_seconds: float = 75  # between two requests of an agent
    body_seconds: float = 60  # without one byte of a request body
    answer_seconds: float = 600  # until a provider begins to answer; language models take their time
    stream_seconds: float = 600  # without one byte of a response body
    linger_seconds: float = 2  # to let an agent read a refusal before its connection is closed

    shutdown_seconds: float = 30  # for an agent to read the rest of a response behind which we close
    sweep_seconds: float = 0.5  # how late any of these times may be

    connect_seconds: float = 10
    attempt_seconds: float = 4  # for one of several addresses
    attempts: int = 3
    name_seconds: float = 10  # how long a resolved name is believed

    pooled: int = 256
    pooled_per_host: int = 64
    pooled_seconds: float = 30
    pooled_seconds_unsafe: float = 4  # for requests that must not be sent twice, a younger connection
