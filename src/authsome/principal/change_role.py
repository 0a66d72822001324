"""Give a principal another role, or stop them from signing in."""

from __future__ import annotations

from dataclasses import replace

from authsome.principal.errors import LastAdmin, PrincipalMissing
from authsome.principal.events import PrincipalDisabled, PrincipalRoleChanged
from authsome.principal.log_out import end_all_sessions
from authsome.principal.model import Principal, PrincipalState, Role
from authsome.principal.ports import PrincipalWork


def change_role(work: PrincipalWork, *, principal_id: str, role: Role) -> Principal:
    """Raises `LastAdmin` when it would leave nobody in charge. A confirmed act of an admin."""
    principal = _decided_upon(work, principal_id)
    if principal.role is role:
        return principal
    if role is not Role.ADMIN:
        keep_an_admin(work, principal)
    work.record(PrincipalRoleChanged(principal_id=principal.id, role=role))
    changed = replace(principal, role=role)
    work.principals.update(changed)
    return changed


def disable(work: PrincipalWork, *, principal_id: str) -> Principal:
    """End a principal's sessions and refuse new ones. A confirmed act of an admin."""
    principal = _decided_upon(work, principal_id)
    if principal.state is PrincipalState.DISABLED:
        return principal
    keep_an_admin(work, principal)
    at = work.record(PrincipalDisabled(principal_id=principal.id))
    disabled = replace(principal, state=PrincipalState.DISABLED, ended_at=at)
    work.principals.update(disabled)
    end_all_sessions(work, principal.id)
    return disabled


def _decided_upon(work: PrincipalWork, principal_id: str) -> Principal:
    work.caller.require_admin()
    work.caller.require_confirmed()
    principal = work.principals.find(principal_id)
    if principal is None or principal.state is PrincipalState.ERASED:
        raise PrincipalMissing
    return principal


def keep_an_admin(work: PrincipalWork, principal: Principal) -> None:
    """Raises `LastAdmin` where nobody would be left in charge without this principal."""
    is_active_admin = principal.is_admin and principal.state is PrincipalState.ACTIVE
    if is_active_admin and work.principals.count_active_admins() == 1:
        raise LastAdmin
