"""Forget a person."""

from __future__ import annotations

from authsome.auth_session.cancel import cancel_all_for
from authsome.connection.end import revoke_connection
from authsome.erasure.erase_identity import count, entomb
from authsome.erasure.events import PrincipalErased
from authsome.erasure.holdings import Holdings, holdings_of_principal
from authsome.erasure.model import ErasedBy, ErasedSubject, Erasure, SubjectKind
from authsome.erasure.ports import ErasureWork
from authsome.grant.remove import end_grant
from authsome.kit.caller import AdminRequired
from authsome.principal.change_role import keep_an_admin
from authsome.principal.errors import PrincipalMissing, SessionMissing
from authsome.principal.log_out import end_all_sessions
from authsome.principal.model import Principal, PrincipalState, Role
from authsome.vault.seal import Keeper


def erase_principal(work: ErasureWork, keeper: Keeper, *, principal_id: str) -> Erasure:
    """End all that a principal holds and forget them. A confirmed act of an admin, or of the principal.

    Providers are asked to take tokens back; for that alone these stay sealed until they have answered, a day
    at most, in the installation's vault.
    A principal of the same e-mail who registers later is somebody new. Raises `PrincipalMissing`, also for
    one that was erased before, `LastAdmin`, or `SessionMissing` when the caller is nobody themselves by now.
    """
    by = _authorised(work, principal_id)
    principal = work.principals.find(principal_id)
    if principal is None or principal.state is PrincipalState.ERASED:
        raise PrincipalMissing
    keep_an_admin(work, principal)
    work.erasures.overwrite()
    held, erasure_id = holdings_of_principal(work, principal_id), work.new_id("ers")
    subjects = [entomb(work, one, erasure_id=erasure_id, by=by) for one in held.identities]
    _end(work, keeper, principal_id, held)
    subjects.append(_entomb(work, principal, held, erasure_id=erasure_id, by=by))
    values = work.erasures.forget_facts([one.id for one in subjects], owner=principal_id)
    erasure = Erasure(
        id=erasure_id,
        kind=SubjectKind.PRINCIPAL,
        subject_id=principal_id,
        by=by,
        destroyed=count(held, values),
        created_at=subjects[-1].created_at,
    )
    work.erasures.add(erasure, subjects)
    return erasure


def _authorised(work: ErasureWork, principal_id: str) -> ErasedBy:
    """Who asks, looked up anew: two admins who erase each other at once must not both succeed."""
    caller_id = work.caller.require_confirmed()
    asking = work.principals.find(caller_id)
    if asking is None or asking.state is not PrincipalState.ACTIVE:
        raise SessionMissing
    if caller_id == principal_id:
        return ErasedBy.OWNER
    work.caller.require_admin()
    if not asking.is_admin:
        raise AdminRequired
    return ErasedBy.ADMIN


def _end(work: ErasureWork, keeper: Keeper, principal_id: str, held: Holdings) -> None:
    """Connections with their secrets and whoever else may use them, open auth sessions, and sessions."""
    for connection in held.connections:
        for grant in work.grants.list_live(connection_id=connection.id):
            identity = work.identities.find(grant.identity_id)
            assert identity is not None  # rows of identities are kept
            end_grant(work, grant, identity=identity, connection=connection)
        revoke_connection(work, keeper, connection)
    cancel_all_for(work, principal_id)
    end_all_sessions(work, principal_id)


def _entomb(
    work: ErasureWork, principal: Principal, held: Holdings, *, erasure_id: str, by: ErasedBy
) -> ErasedSubject:
    at = work.record(
        PrincipalErased(
            erasure_id=erasure_id,
            principal_id=principal.id,
            by=by,
            identities=len(held.identities),
            connections=len(held.connections),
        )
    )
    work.principals.update(
        Principal(
            id=principal.id,
            email=f"erased:{principal.id}",  # no address: the column is unique, and a look-up needs an @
            role=Role.MEMBER,
            state=PrincipalState.ERASED,
            created_at=principal.created_at,
            ended_at=principal.ended_at or at,
        )
    )
    work.erasures.blank_principal(principal.id, at)
    return ErasedSubject(id=principal.id, kind=SubjectKind.PRINCIPAL, erasure_id=erasure_id, created_at=at)
