"""Hashing passwords: what a stranger could learn from how long it takes."""

from __future__ import annotations

import time
from statistics import median

from authsome.kit.secret import Secret
from authsome.principal.password import Hasher

WRONG = Secret("wrong horse battery")


async def test_nobodys_password_takes_as_long_to_refuse_as_somebodys() -> None:
    """Otherwise the time of a refusal says which e-mail addresses are known here."""
    hasher = Hasher()
    stored = await hasher.hash(Secret("correct horse battery"))
    assert not await hasher.verify(None, WRONG)  # the first makes the hash that all others are checked with
    known = [await seconds(hasher, stored) for _ in range(5)]
    unknown = [await seconds(hasher, None) for _ in range(5)]
    assert 0.4 < median(unknown) / median(known) < 2.5


async def seconds(hasher: Hasher, stored: str | None) -> float:
    began = time.process_time()
    assert not await hasher.verify(stored, WRONG)
    return time.process_time() - began
