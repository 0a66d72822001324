"""How connections refuse."""

from __future__ import annotations

from authsome.kit.errors import ConflictError, InvalidError, MissingError


class ConnectionMissing(MissingError):
    """There is no such connection."""

    code = "connection_missing"
    hint = "list them with `authsome connections`"


class ConnectionTaken(ConflictError):
    """A live connection of this name to this provider exists already. It was not changed."""

    code = "connection_taken"
    hint = "choose another name, or log the old one out first with `authsome connections logout`"


class ConnectionUnclear(ConflictError):
    """Several connections to this provider are meant by that."""

    code = "connection_unclear"
    hint = "write provider/name, as `authsome connections` lists them"


class ConnectionEnded(ConflictError):
    """This connection was logged out or revoked."""

    code = "connection_ended"
    hint = "connect the provider again with `authsome login`"


class ConnectionNameInvalid(InvalidError):
    """A connection's name has 1 to 64 of a-z, 0-9, `.`, `-` and `_`, and begins with a letter or digit."""

    code = "connection_name_invalid"
    hint = "choose a name such as work or ci-2"


class KeyInvalid(InvalidError):
    """A key has 1 to 4096 printable ASCII characters and no space or line end inside."""

    code = "key_invalid"
    hint = "copy the key again from the provider's page, without quotes and line ends"


class TooManyConnections(ConflictError):
    """No more connections can be made."""

    code = "too_many_connections"
    hint = "log out some that are no longer used; list them with `authsome connections`"
