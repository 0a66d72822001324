"""Ids that name their kind and sort by time, and the randomness behind them."""

from __future__ import annotations

import os
from typing import Protocol

from authsome.kit.clock import Clock, to_micros

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base32: no i, l, o, u to misread


class Entropy(Protocol):
    """A source of random bytes fit for keys and tokens."""

    def bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes."""
        ...


class SystemEntropy:
    """The operating system's generator."""

    def bytes(self, count: int) -> bytes:
        return os.urandom(count)


class Ids:
    """Makes ids such as `prn_01k9…`: ten digits of milliseconds, then 80 random bits.

    They sort by the time they were made and are never made twice.
    """

    def __init__(self, clock: Clock, entropy: Entropy) -> None:
        self._clock = clock
        self._entropy = entropy

    def new(self, prefix: str) -> str:
        """A fresh id. `prefix` is the kind, three letters, without the underscore."""
        millis = to_micros(self._clock.now()) // 1000
        tail = int.from_bytes(self._entropy.bytes(10), "big")
        return f"{prefix}_{_digits(millis, 10)}{_digits(tail, 16)}"


def _digits(number: int, width: int) -> str:
    out = []
    for _ in range(width):
        out.append(ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(out))
