"""Set a new password: with a one-time link, or knowing the old one."""

from __future__ import annotations

from dataclasses import replace

from authsome.kit.caller import Caller
from authsome.kit.secret import Secret
from authsome.kit.work import Transactions
from authsome.principal.errors import LinkInvalid, SessionMissing
from authsome.principal.events import PrincipalPasswordChanged, PrincipalPasswordReset
from authsome.principal.invite import check_link
from authsome.principal.log_out import end_all_sessions
from authsome.principal.model import LinkKind, PrincipalState
from authsome.principal.password import Hasher
from authsome.principal.ports import PrincipalWork


async def reset_password(
    store: Transactions[PrincipalWork], hasher: Hasher, caller: Caller, *, link: Secret, password: Secret
) -> None:
    """Replace the password and end all sessions. Raises `LinkInvalid` or `PasswordWeak`."""
    await store.read(lambda view: check_link(view, link, (LinkKind.RESET,)))
    hashed = await hasher.hash(password)
    await store.write(caller, lambda work: _reset(work, link, hashed))


async def change_password(
    store: Transactions[PrincipalWork], hasher: Hasher, *, caller: Caller, password: Secret
) -> None:
    """Replace one's own, and end all sessions but the one that asks: whoever knew the old one is out.

    A confirmed act, that is, the old password was given. Raises `PasswordWeak` or `HasherBusy`.
    """
    caller.require_confirmed()
    hashed = await hasher.hash(password)
    await store.write(caller, lambda work: _change(work, hashed))


def _reset(work: PrincipalWork, link: Secret, hashed: str) -> None:
    invitation = check_link(work, link, (LinkKind.RESET,))
    principal = work.principals.find(invitation.principal_id or "")
    if principal is None or principal.state is PrincipalState.ERASED:
        raise LinkInvalid
    at = work.record(PrincipalPasswordReset(principal_id=principal.id, invitation_id=invitation.id))
    work.principals.update(replace(principal, password_hash=hashed))
    work.invitations.mark_used(invitation.id, at)
    end_all_sessions(work, principal.id)


def _change(work: PrincipalWork, hashed: str) -> None:
    principal = work.principals.find(work.caller.require_confirmed())
    if principal is None or principal.state is not PrincipalState.ACTIVE:
        raise SessionMissing
    work.record(PrincipalPasswordChanged(principal_id=principal.id))
    work.principals.update(replace(principal, password_hash=hashed))
    end_all_sessions(work, principal.id, but=work.caller.session_id)
