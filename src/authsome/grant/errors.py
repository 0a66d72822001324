"""How grants refuse."""

from __future__ import annotations

from authsome.kit.errors import DeniedError, InvalidError, MissingError


class GrantMissing(MissingError):
    """There is no such grant."""

    code = "grant_missing"
    hint = "list them with `authsome grants`"


class GrantLengthInvalid(InvalidError):
    """How long a grant lasts is a number of minutes, hours, days or weeks, from a minute to ten years."""

    code = "grant_length_invalid"
    hint = "write it as 90m, 12h, 7d or 4w"


class IdentityNotYours(DeniedError):
    """Only an identity that you claimed can be given your connections."""

    code = "identity_not_yours"
    hint = "list yours with `authsome identities`"
