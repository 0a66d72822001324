"""Set a new password with a one-time link."""

from __future__ import annotations

from dataclasses import replace

from authsome.kit.caller import Caller
from authsome.kit.secret import Secret
from authsome.kit.work import Transactions
from authsome.principal.errors import LinkInvalid
from authsome.principal.events import PrincipalPasswordReset
from authsome.principal.invite import check_link
from authsome.principal.log_out import end_all_sessions
from authsome.principal.model import LinkKind
from authsome.principal.password import Hasher
from authsome.principal.ports import PrincipalWork


async def reset_password(
    store: Transactions[PrincipalWork], hasher: Hasher, caller: Caller, *, link: Secret, password: Secret
) -> None:
    """Replace the password and end all sessions. Raises `LinkInvalid` or `PasswordWeak`."""
    await store.read(lambda view: check_link(view, link, (LinkKind.RESET,)))
    hashed = await hasher.hash(password)
    await store.write(caller, lambda work: _replace(work, link, hashed))


def _replace(work: PrincipalWork, link: Secret, hashed: str) -> None:
    invitation = check_link(work, link, (LinkKind.RESET,))
    principal = work.principals.find(invitation.principal_id or "")
    if principal is None:
        raise LinkInvalid
    at = work.record(PrincipalPasswordReset(principal_id=principal.id, invitation_id=invitation.id))
    work.principals.update(replace(principal, password_hash=hashed))
    work.invitations.mark_used(invitation.id, at)
    end_all_sessions(work, principal.id)
