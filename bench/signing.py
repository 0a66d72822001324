"""How many signed requests one server process answers, and what checking a signature costs by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms

from authsome.identity.did import public_key
from authsome.identity.signature import Message, verify
from authsome.kit.clock import SystemClock
from bench.figure import Figure, Scale
from bench.load import Load, Put, Taken, generator
from bench.servers import Target, server
from bench.signed import Agent, healths, new_agent, registration, signature, whoamis

CLIENTS = (1, 8, 32)
AIM = 1_000
SIGNED_AHEAD = 3_000  # a second; well above what is hoped for


def run(scale: Scale) -> list[Figure]:
    return [*_requests(scale), _check(scale)]


def _requests(scale: Scale) -> list[Figure]:
    agent = new_agent()
    with server() as target, generator() as put:
        put(
            Load(
                target=target,
                clients=1,
                seconds=9,
                make=partial(_first, target.authority, agent),
                status=201,
            )
        )
        _put_signed(put, target, agent, clients=8, seconds=0.3)
        return [_requests_by(put, target, agent, clients=clients, scale=scale) for clients in CLIENTS]


def _requests_by(put: Put, target: Target, agent: Agent, *, clients: int, scale: Scale) -> Figure:
    unsigned = Load(
        target=target,
        clients=clients,
        seconds=scale.seconds / 2,
        make=partial(healths, target.authority),
        repeat=True,
    )
    baseline = put(unsigned)
    taken = _put_signed(put, target, agent, clients=clients, seconds=scale.seconds)
    return Figure(
        what=f"signed requests, {clients} clients",
        value=taken.per_second,
        unit="/s",
        baseline=baseline.per_second,
        against="GET /api/health, unsigned",
        aim=f"> {AIM:,} /s",
        note=taken.note,
    )


def _put_signed(put: Put, target: Target, agent: Agent, *, clients: int, seconds: float) -> Taken:
    make = partial(whoamis, target.authority, int(SIGNED_AHEAD * seconds), agent)
    return put(Load(target=target, clients=clients, seconds=seconds, make=make))


def _first(authority: str, agent: Agent) -> list[bytes]:
    return [registration(authority, agent)]


@dataclass(frozen=True, slots=True)
class Request:
    """A signed request as the library wants to see it."""

    method: str
    url: str
    headers: dict[str, str]


class OneKey(HTTPSignatureKeyResolver):
    """Knows the keys of dids, decoded once as ours does."""

    def __init__(self, did: str) -> None:
        self._keys = {did: public_key(did)}

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return self._keys[key_id]


def _check(scale: Scale) -> Figure:
    """The same signature, by our one strict form and by the library for all of RFC 9421."""
    agent = new_agent()
    message = Message(method="GET", authority="localhost:7998", path="/api/whoami")
    headers = signature(agent.key, message)
    now = int(SystemClock().now().timestamp())
    request = Request("GET", "http://localhost:7998/api/whoami?", headers)
    did = verify(message, headers, now=now).did
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=OneKey(did))
    key, signed = agent.key.public_key(), agent.key.sign(b"x" * 300)
    ours = microseconds(lambda: verify(message, headers, now=now), scale.repeats)
    library = microseconds(lambda: verifier.verify(request, expect_tag="authsome"), scale.repeats)
    ed25519 = microseconds(lambda: key.verify(signed, b"x" * 300), scale.repeats)
    return Figure(
        what="checking one signature",
        value=ours,
        unit="µs",
        baseline=library,
        against="http-message-signatures",
        aim="< 200 µs",
        note=f"of which Ed25519 by itself {ed25519:.0f} µs",
    )


def microseconds(call: Callable[[], object], times: int) -> float:
    """The median time of a call."""
    waits = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        waits.append((time.perf_counter() - began) * 1e6)
    return median(waits)
