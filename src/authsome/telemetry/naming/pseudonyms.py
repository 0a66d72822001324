"""Ids that stand for others outside, where the operator asks for that.

Plain ids say nothing about anyone, yet whoever sees both this installation's pages and the PostHog project
can put the two together: a handle is on the page and in the event. A pseudonym is HMAC-SHA-256 (RFC 2104)
with a key that only the installation has, so that link needs the key too. A hash without a key was
refused: there are few enough handles and dids in a team to try them all.

One value has one pseudonym of its kind wherever it occurs, so that a `distinct_id` and a property still
join. Each kind has a key of its own, derived from the installation key (RFC 5869): equal texts of two kinds
do not meet.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from uuid import UUID

from authsome.kit.caller import ActorKind
from authsome.kit.errors import BrokenError
from authsome.kit.ids import ALPHABET
from authsome.vault.installation_key import InstallationKey

PREFIX = "psn"
DIGITS = 26  # of five bits each: 128 bits and two of zero, as many as anybody will ever need
FORM = re.compile(rf"{PREFIX}_(prn|hdl|idn|did|prv|use|oth)_[{ALPHABET}]{{{DIGITS}}}")


class Kind(StrEnum):
    """What a pseudonym stands for; part of it, so that a reader in PostHog can tell."""

    PRINCIPAL = "prn"
    HANDLE = "hdl"
    IDENTITY = "idn"
    DID = "did"
    PROVIDER = "prv"
    USE = "use"
    OTHER = "oth"  # a field that nobody has placed yet: its pseudonym joins with nothing, and still hides


# Each `Pseudonym` field of the product's events, and what its value is; a test holds it complete.
FIELDS: Mapping[str, Kind] = {
    "principal_id": Kind.PRINCIPAL,
    "identity_handle": Kind.HANDLE,
    "identity_id": Kind.IDENTITY,
    "did": Kind.DID,
    "previous_did": Kind.DID,
    "custom_provider": Kind.PROVIDER,
    "usage_key": Kind.USE,  # holds the identity's id
}
# A server's id stays as it is: it is about nobody, and tells installations apart.
SUBJECTS: Mapping[ActorKind, Kind] = {
    ActorKind.PRINCIPAL: Kind.PRINCIPAL,
    ActorKind.IDENTITY: Kind.HANDLE,
}

Naming = Callable[[Kind, str], str]


class PseudonymKeyGone(BrokenError):
    """The fact was recorded under pseudonyms of another installation key, which this server does not have."""

    code = "pseudonym_key_gone"
    hint = "start the server with the installation key of that time, or drop the fact"


class PseudonymKey:
    """Makes pseudonyms with keys derived from the installation key; `id` names it and says nothing else."""

    __slots__ = ("_key", "id")

    def __init__(self, key: InstallationKey) -> None:
        self._key = key
        self.id = key.derive("pseudonym key id")[:8].hex()

    def pseudonym(self, kind: Kind, value: str) -> str:
        """What stands for `value`, such as `psn_prn_…`; always the same under one key."""
        secret = self._key.derive(f"pseudonym of {kind.name.lower()}")
        number = int.from_bytes(hmac.digest(secret, value.encode(), hashlib.sha256)[:16], "big")
        digits = (ALPHABET[number >> (5 * place) & 31] for place in reversed(range(DIGITS)))
        return f"{PREFIX}_{kind}_{''.join(digits)}"

    def uuid(self, known: str) -> str:
        """The uuid under which a fact leaves in place of its own, always the same under one key.

        Its own is computed from ids that stand on pages, without a key: whoever has a list of principals
        could compute the uuid of each registration, look for it outside, and find the pseudonym beside it.
        """
        digest = hmac.digest(self._key.derive("pseudonym of uuid"), known.encode(), hashlib.sha256)
        return str(UUID(bytes=digest[:16], version=5))

    def __repr__(self) -> str:
        return f"PseudonymKey({self.id})"


def plain(_kind: Kind, value: str) -> str:
    """The name itself, where nobody asked for pseudonyms."""
    return value
