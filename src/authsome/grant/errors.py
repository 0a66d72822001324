"""How grants refuse."""

from __future__ import annotations

from authsome.kit.errors import DeniedError, MissingError


class GrantMissing(MissingError):
    """There is no such grant."""

    code = "grant_missing"
    hint = "list them with `authsome grants`"


class IdentityNotYours(DeniedError):
    """Only an identity that you claimed can be given your connections."""

    code = "identity_not_yours"
    hint = "list yours with `authsome identities`"
