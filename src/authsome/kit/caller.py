"""Who asks: the value every use case is given by its door."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from authsome.kit.errors import DeniedError


class ActorKind(StrEnum):
    """The three kinds of subject that can act."""

    PRINCIPAL = "principal"
    IDENTITY = "identity"
    SERVER = "server"


class Surface(StrEnum):
    """The door through which a request came."""

    API = "api"
    CLI = "cli"
    PAGE = "page"
    PROXY = "proxy"


class RequestOutcome(StrEnum):
    """How a request ended, as far as requests are counted apart."""

    SUCCEEDED = "succeeded"  # it was answered with what was asked for, or with where to go on
    REFUSED = "refused"  # the asker would have to do something else: not allowed, not there, not valid
    FAILED = "failed"  # the server could not answer it


class AdminRequired(DeniedError):
    """Only an admin may do this."""

    code = "admin_required"
    hint = "ask an admin of this installation"


class PrincipalRequired(DeniedError):
    """Only a signed-in person may do this, not an agent."""

    code = "principal_required"
    hint = "run `authsome sign-in`, or open the page in a browser"


class ConfirmationRequired(DeniedError):
    """This decides or destroys something, so it needs the password again."""

    code = "confirmation_required"
    hint = "open the page that the command prints and confirm there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The authenticated subject of one request.

    `id` is the principal's id, the identity's handle, or the installation's id, by `kind`.
    `principal_id` is the person in whose name it happens: for an identity, whoever claimed it.
    `confirmed` holds only when the person gave the password again for this very request;
    no request signed by an identity ever has it.
    """

    kind: ActorKind
    id: str
    principal_id: str | None = None
    is_admin: bool = False
    confirmed: bool = False
    identity_id: str | None = None
    did: str | None = None
    session_id: str | None = None
    surface: Surface = Surface.API

    def require_principal(self) -> str:
        """The principal's id. Raises `PrincipalRequired` for agents and the server."""
        if self.kind is not ActorKind.PRINCIPAL or self.principal_id is None:
            raise PrincipalRequired
        return self.principal_id

    def require_server(self) -> None:
        """Raises `AdminRequired` for everybody but the installation itself."""
        if self.kind is not ActorKind.SERVER:
            raise AdminRequired

    def require_admin(self) -> str:
        """The admin's id. Raises `PrincipalRequired` or `AdminRequired`."""
        principal_id = self.require_principal()
        if not self.is_admin:
            raise AdminRequired
        return principal_id

    def require_confirmed(self) -> str:
        """The principal's id, the password given again. Raises `ConfirmationRequired`."""
        principal_id = self.require_principal()
        if not self.confirmed:
            raise ConfirmationRequired
        return principal_id


def server_caller(installation_id: str) -> Caller:
    """The installation itself, for what it does of its own accord (expiry, start)."""
    return Caller(kind=ActorKind.SERVER, id=installation_id)
