"""How connections refuse."""

from __future__ import annotations

from authsome.kit.errors import (
    BrokenError,
    ConflictError,
    DeniedError,
    InvalidError,
    MissingError,
    UnavailableError,
)


class ConnectionMissing(MissingError):
    """There is no such connection."""

    code = "connection_missing"
    hint = "list them with `authsome connections`"


class ConnectionTaken(ConflictError):
    """A live connection of this name to this provider exists already. It was not changed."""

    code = "connection_taken"
    hint = "choose another name; another key for this one is given on its page, /connections leads to it"


class ConnectionUnclear(ConflictError):
    """Several connections to this provider are meant by that."""

    code = "connection_unclear"
    hint = "write provider/name or the id, as `authsome connections` lists them"


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

    def __init__(
        self, detail: str | None = None, *, hint: str | None = None, field: str | None = None
    ) -> None:
        super().__init__(detail, hint=hint)
        self.field = field


class KeyOutdated(ConflictError):
    """The provider's definition asks for other texts than this connection was made with."""

    code = "key_outdated"
    hint = "connect the provider anew with `authsome login`"


class TooManyConnections(ConflictError):
    """No more connections can be made."""

    code = "too_many_connections"
    hint = "log out some that are no longer used; list them with `authsome connections`"


class TooManyShared(ConflictError):
    """No more connections can be shared with everybody."""

    code = "too_many_shared"
    hint = "unshare some that are no longer used; list them with `authsome connections`"


class ConnectionNotShared(ConflictError):
    """This connection is not shared."""

    code = "connection_not_shared"
    hint = "see which are with `authsome connections`"


class TokensUnreadable(BrokenError):
    """What is sealed for this connection are no tokens."""

    code = "tokens_unreadable"
    hint = "connect the provider again with `authsome login`"


class NeedsReconnection(DeniedError):
    """The provider does not take this connection any more; its principal has to connect it again."""

    code = "needs_reconnection"
    hint = "connect the provider again with `authsome login`"


class RefreshFailed(UnavailableError):
    """The provider gave no new token just now. The connection is kept, and it is asked again by itself."""

    code = "refresh_failed"
    hint = "try again in a moment"


class RefreshSlow(UnavailableError):
    """The provider's new token is being waited for."""

    code = "refresh_slow"
    hint = "try again in a moment"


class FlowUnavailable(InvalidError):
    """This provider cannot be connected that way."""

    code = "flow_unavailable"
    hint = "see how it can be with `authsome providers`"


class OAuthClientMissing(ConflictError):
    """No admin has registered this installation at the provider yet."""

    code = "oauth_client_missing"
    hint = "an admin runs `authsome providers client NAME --client-id ID`, with the secret on standard input"


class OAuthClientInvalid(InvalidError):
    """A client's id has 1 to 512 printable ASCII characters, its secret 1 to 1024 of them, or it has none."""

    code = "oauth_client_invalid"
    hint = "copy both again from the provider's page, without quotes and line ends"


class RegistrationNotOffered(InvalidError):
    """This provider gives no clients to those who ask; an admin registers there by hand."""

    code = "registration_not_offered"
    hint = "register on the provider's page, and run `authsome providers client NAME --client-id ID`"
