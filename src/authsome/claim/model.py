"""A claim, and the code that ties the page to the terminal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from authsome.kit.secret import Secret

CLAIM_LIFE = timedelta(hours=1)
CODE_LETTERS = 8
WRONG_CODES = 5
# Consonants only: no word can appear by chance, and nothing is misread as a digit. 20^8 is 34 bits.
CODE_ALPHABET = "bcdfghjkmnpqrstvwxyz"


class ClaimState(StrEnum):
    """Where a claim is in its life."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One question to a principal. `address_key` is a keyed digest of where the registration came from.

    `ended_at` is when it was decided or expired, and stays so: `released_at` is when an accepted one ended.
    """

    id: str
    identity_id: str
    state: ClaimState
    token_hash: str
    code_hash: str
    address_key: str
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None = None
    opened_by: str | None = None
    ended_at: datetime | None = None
    decided_by: str | None = None
    released_at: datetime | None = None

    def accepts(self, code: str) -> bool:
        """Whether `code` is this claim's, however it was typed."""
        return hash_code(self.id, code) == self.code_hash


def spell_code(random: bytes) -> Secret:
    """Eight letters from at least sixteen random bytes."""
    number = int.from_bytes(random, "big")
    letters = []
    for _ in range(CODE_LETTERS):
        number, index = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[index])
    return Secret("".join(letters[:4]) + "-" + "".join(letters[4:]))


def hash_code(claim_id: str, code: str) -> str:
    """The digest under which a code is kept; case, spaces and the hyphen do not count."""
    letters = "".join(c for c in code[:64].lower() if c.isalpha())
    return hashlib.sha256(f"{claim_id}:{letters}".encode()).hexdigest()
