"""Handles: three words and four digits, made here and never chosen.

2048 words three times and 10,000 numbers are 46 bits, so handles say nothing about anyone, do not
collide between installations and cannot be guessed one by one. The words are BIP-0039's English list,
which was made so that no two look alike.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from authsome.identity.ports import IdentityWork

FORM = re.compile(r"[a-z]{3,8}-[a-z]{3,8}-[a-z]{3,8}-[0-9]{4}")


@cache
def words() -> tuple[str, ...]:
    """The 2048 words, in the list's order."""
    return tuple(resources.files("authsome.identity").joinpath("words.txt").read_text().split())


def new_handle(work: IdentityWork) -> str:
    """A handle that no identity of this installation has or ever had."""
    while True:
        handle = spell(int.from_bytes(work.random(8), "big"))
        if work.identities.find_by_handle(handle) is None:
            return handle


def spell(number: int) -> str:
    """The handle for 64 random bits; 33 of them choose words, the rest the digits."""
    parts = [words()[(number >> shift) & 2047] for shift in (0, 11, 22)]
    return "-".join([*parts, f"{(number >> 33) % 10_000:04d}"])
