"""Who signed this request?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from authsome.identity.errors import IdentityUnknown, KeyRetired, SignatureReplayed
from authsome.identity.model import Identity
from authsome.identity.signature import MAX_SKEW_SECONDS, Message, Signed, verify
from authsome.kit.caller import Caller, Surface
from authsome.principal.errors import SessionMissing
from authsome.principal.session import principal_of_did
from authsome.store.books.books import Books
from authsome.store.transactions import Store
from authsome.store.view import View

REMEMBERED = timedelta(seconds=2 * MAX_SKEW_SECONDS + 1)


@dataclass(frozen=True, slots=True)
class Signer:
    """The holder of a key that signed a fresh request: an identity, or a principal's terminal."""

    caller: Caller
    did: str
    identity: Identity | None = None

    def require_claimed(self) -> Caller:
        """The caller, if it may act at all. Raises `IdentityUnclaimed` or `IdentityEnded`."""
        if self.identity is not None:
            self.identity.require_claimed()
        return self.caller


async def check_signature(store: Store, message: Message, headers: Mapping[str, str]) -> Signed:
    """Verify a signature and use up its nonce. Raises the refusals of `identity.errors`.

    The nonce is used only after the signature has verified: a stranger can neither fill the books nor burn
    somebody's nonce.
    """
    signed = verify(message, headers, now=int(store.clock.now().timestamp()))
    digest = hashlib.sha256(f"{signed.did} {signed.nonce}".encode()).hexdigest()

    def use(books: Books) -> bool:
        return books.nonces.use(digest, now=books.now, expires_at=books.now + REMEMBERED)

    if not await store.keep(use):
        raise SignatureReplayed
    return signed


async def find_signer(store: Store, signed: Signed, surface: Surface) -> Signer:
    """The identity or terminal session of a key.

    Raises `IdentityUnknown` for a key nobody registered, and `KeyRetired` for one that was replaced.
    """

    def look_up(view: View) -> Signer:
        identity = view.identities.find_by_did(signed.did)
        if identity is not None:
            caller = identity.as_caller(surface)
            return Signer(caller, signed.did, identity)
        if view.retired_keys.find_by_did(signed.did) is not None:
            raise KeyRetired
        try:
            session, principal = principal_of_did(view, signed.did)
        except SessionMissing as missing:
            raise IdentityUnknown from missing
        return Signer(principal.as_caller(session_id=session.id, surface=surface), signed.did)

    return await store.read(look_up)
