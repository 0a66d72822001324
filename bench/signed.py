"""Whole requests as bytes, signed before the clock runs, so that the load generator only sends them."""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from authsome.identity.did import encode
from authsome.identity.signature import Message, sign
from authsome.kit.clock import SystemClock


@dataclass(frozen=True, slots=True)
class Agent:
    """A key, as the 32 bytes that it is made of: a load generator gets it from another process."""

    seed: bytes

    @property
    def key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def new_agent() -> Agent:
    return Agent(os.urandom(32))


def did_of(key: Ed25519PrivateKey) -> str:
    return encode(key.public_key().public_bytes_raw())


def signed_request(agent: Agent, message: Message) -> bytes:
    """The request as it goes over the wire. Its signature is good for a minute from now."""
    return plain_request(message, signature(agent.key, message))


def signature(key: Ed25519PrivateKey, message: Message) -> dict[str, str]:
    """The headers that sign a message, made now."""
    return sign(
        message,
        did=did_of(key),
        created=int(SystemClock().now().timestamp()),
        nonce=os.urandom(16).hex(),
        key=key.sign,
    )


def plain_request(message: Message, headers: dict[str, str] | None = None) -> bytes:
    """The request without a signature."""
    lines = [f"{message.method} {message.path} HTTP/1.1", f"host: {message.authority}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if message.body:
        lines += ["content-type: application/json", f"content-length: {len(message.body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + message.body


def registration(authority: str, agent: Agent) -> bytes:
    """An agent asks to be registered."""
    body = b'{"label":"bench"}'
    return signed_request(
        agent, Message(method="POST", authority=authority, path="/api/identities", body=body)
    )


def registrations(authority: str, count: int) -> list[bytes]:
    """So many agents, each with a new key."""
    return [registration(authority, new_agent()) for _ in range(count)]


def whoamis(authority: str, count: int, agent: Agent) -> list[bytes]:
    """One agent asks so many times who it is."""
    message = Message(method="GET", authority=authority, path="/api/whoami")
    return [signed_request(agent, message) for _ in range(count)]


def healths(authority: str) -> list[bytes]:
    """A stranger asks whether the server is up."""
    return [plain_request(Message(method="GET", authority=authority, path="/api/health"))]
