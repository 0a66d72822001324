"""One-time links, for the first admin, for somebody new, or to reset a password: make one, and check one."""

from __future__ import annotations

from collections.abc import Collection

from authsome.kit.caller import ActorKind
from authsome.kit.secret import Secret
from authsome.principal.errors import LinkInvalid, PrincipalMissing
from authsome.principal.events import PrincipalInvited
from authsome.principal.model import LINK_LIFE, Invitation, LinkKind, PrincipalState, Role
from authsome.principal.ports import PrincipalWork


def invite(work: PrincipalWork, *, role: Role = Role.MEMBER) -> tuple[Invitation, Secret]:
    """A link with which one person can register. Admins only; one that makes an admin is a confirmed act."""
    work.caller.require_admin()
    if role is Role.ADMIN:
        work.caller.require_confirmed()
    return _link(work, LinkKind.INVITATION, role)


def offer_set_up(work: PrincipalWork) -> Secret | None:
    """The link for the first admin, or None when there is a principal already. The server's own act.

    Every start makes a new link and the older ones stop working, because only the newest was printed.
    """
    work.caller.require_server()
    if work.principals.exists_any():
        return None
    _, token = _link(work, LinkKind.SET_UP, Role.ADMIN)
    return token


def offer_reset(work: PrincipalWork, *, principal_id: str) -> Secret:
    """A link with which a principal sets a new password: a confirmed act of an admin.

    Or the act of the server's user on its host. Whoever has the link can become the principal, so a
    terminal's key alone, which an agent of the same user could read, does not get one.
    """
    if work.caller.kind is not ActorKind.SERVER:
        work.caller.require_admin()
        work.caller.require_confirmed()
    principal = work.principals.find(principal_id)
    if principal is None or principal.state is PrincipalState.ERASED:
        raise PrincipalMissing
    _, token = _link(work, LinkKind.RESET, principal.role, principal.id)
    return token


def _link(
    work: PrincipalWork, kind: LinkKind, role: Role, principal_id: str | None = None
) -> tuple[Invitation, Secret]:
    token = Secret(work.token())
    invitation_id = work.new_id("inv")
    at = work.record(
        PrincipalInvited(invitation_id=invitation_id, kind=kind, role=role, principal_id=principal_id)
    )
    invitation = Invitation(
        id=invitation_id,
        kind=kind,
        token_hash=token.digest(),
        role=role,
        principal_id=principal_id,
        created_by=work.caller.principal_id,
        created_at=at,
        expires_at=at + LINK_LIFE[kind],
    )
    work.invitations.add(invitation)
    return invitation, token


def check_link(work: PrincipalWork, link: Secret, kinds: Collection[LinkKind]) -> Invitation:
    """The invitation behind `link`. Raises `LinkInvalid`, the same for every way in which it is not good.

    Of several set-up links only the newest counts.
    """
    invitation = work.invitations.find_by_token_hash(link.digest())
    if invitation is None or invitation.kind not in kinds:
        raise LinkInvalid
    if invitation.used_at is not None or work.now >= invitation.expires_at:
        raise LinkInvalid
    if invitation.kind is LinkKind.SET_UP:
        newest = max(work.invitations.list_open(LinkKind.SET_UP, work.now), key=lambda i: i.created_at)
        if newest.id != invitation.id:
            raise LinkInvalid
    return invitation
