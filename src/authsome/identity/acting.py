"""Which identity acts."""

from __future__ import annotations

from authsome.identity.errors import IdentityRequired, IdentityUnknown
from authsome.identity.model import Identity
from authsome.identity.ports import IdentityWork
from authsome.kit.caller import ActorKind, Caller


def acting_identity(view: IdentityWork, caller: Caller) -> Identity:
    """The identity that signed the request, as it is now. Raises `IdentityRequired`."""
    if caller.kind is not ActorKind.IDENTITY or caller.identity_id is None:
        raise IdentityRequired
    identity = view.identities.find(caller.identity_id)
    if identity is None:
        raise IdentityUnknown
    return identity
