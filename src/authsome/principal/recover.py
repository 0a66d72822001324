"""Let an admin who is locked out back in."""

from __future__ import annotations

from authsome.kit.caller import ActorKind
from authsome.kit.secret import Secret
from authsome.principal.errors import AdminMissing, AdminUnclear
from authsome.principal.invite import offer_reset
from authsome.principal.model import Principal, PrincipalState, normal_email
from authsome.principal.ports import PrincipalWork

PAGE = 100


def offer_recovery(work: PrincipalWork, *, email: str | None = None) -> Secret:
    """A reset link for the active admin with this e-mail, or for the only one. The server's own act.

    It makes nobody an admin: whoever recovers is one already. Raises `AdminMissing` or `AdminUnclear`.
    """
    assert work.caller.kind is ActorKind.SERVER
    admins = [one for one in _all(work) if one.is_admin and one.state is PrincipalState.ACTIVE]
    if email is not None:
        wanted = normal_email(email)
        admins = [one for one in admins if one.email == wanted]
    if not admins:
        raise AdminMissing
    if len(admins) > 1:
        raise AdminUnclear
    return offer_reset(work, principal_id=admins[0].id)


def _all(work: PrincipalWork) -> list[Principal]:
    found = page = work.principals.list(limit=PAGE)
    while len(page) == PAGE:
        page = work.principals.list(after=page[-1].id, limit=PAGE)
        found = found + page
    return found
