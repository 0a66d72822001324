"""Ask for access: what an identity does that was refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from authsome.connection.model import check_name
from authsome.grant.access.errors import AccessDeniedLately, AccessHeld, TooManyAccessRequests
from authsome.grant.access.find import about
from authsome.grant.access.model import (
    DAY,
    LIFE,
    MOST_A_DAY,
    MOST_OPEN,
    AccessRequest,
    AccessState,
    check_note,
)
from authsome.grant.access.ports import AccessWork
from authsome.grant.create import is_within_reach
from authsome.grant.events import AccessRequested
from authsome.grant.lasting import seconds_of
from authsome.identity.acting import acting_identity
from authsome.identity.model import Identity
from authsome.provider.find import get_provider


def request_access(
    work: AccessWork,
    *,
    provider: str,
    connection_name: str | None = None,
    lasting: timedelta | None = None,
    note: str | None = None,
) -> AccessRequest:
    """An open request of the identity that signs; the one that is open for the same already, as it is.

    Whether the principal has such a connection is not looked at, so that the answer does not say. Raises
    `IdentityRequired`, `IdentityUnclaimed`, `IdentityEnded`, `ProviderMissing`, `ConnectionNameInvalid`,
    `AccessNoteInvalid`, `AccessHeld`, `AccessDeniedLately`, `TooManyAccessRequests`.
    """
    identity = acting_identity(work, work.caller)
    draft = AccessRequest(
        id=work.new_id("acr"),
        identity_id=identity.id,
        principal_id=identity.require_claimed(),
        provider=get_provider(work, provider).name,
        connection_name=None if connection_name is None else check_name(connection_name),
        lasts_seconds=seconds_of(lasting),
        note=check_note(note),
        state=AccessState.OPEN,
        created_at=work.now,
        expires_at=work.now + LIFE,
    )
    open_already = _admit(work, identity, draft)
    if open_already is not None:
        return open_already
    at = work.record(
        AccessRequested(
            **about(draft, identity),
            lasts_seconds=draft.lasts_seconds,
            connection_name=draft.connection_name,
            note=draft.note,
        )
    )
    request = replace(draft, created_at=at)
    work.access_requests.add(request)
    return request


def _admit(work: AccessWork, identity: Identity, draft: AccessRequest) -> AccessRequest | None:
    """The open request that is the same, or None where there is room for another one."""
    if _is_held(work, identity, draft):
        raise AccessHeld
    lately = work.access_requests.list_since(identity.id, work.now - LIFE)
    still_open = [one for one in lately if one.state_for(identity, work.now) is AccessState.OPEN]
    same = next((one for one in still_open if one.wanted == draft.wanted), None)
    if same is not None:
        return same
    if any(_is_fresh_denial(one, draft) for one in lately):
        raise AccessDeniedLately
    of_today = [one for one in lately if one.created_at > work.now - DAY]
    if len(still_open) >= MOST_OPEN or len(of_today) >= MOST_A_DAY:
        raise TooManyAccessRequests
    return None


def _is_held(work: AccessWork, identity: Identity, draft: AccessRequest) -> bool:
    for grant in work.grants.list_live(identity_id=identity.id):
        if not grant.holds(work.now) or grant.principal_id != draft.principal_id:
            continue
        one = work.connections.find(grant.connection_id)
        if one is None or not one.is_live or not is_within_reach(one, draft.principal_id):
            continue
        if one.provider == draft.provider and draft.connection_name in (None, one.name):
            return True
    return False


def _is_fresh_denial(one: AccessRequest, draft: AccessRequest) -> bool:
    """Of the same, by the same principal, within a day."""
    if one.state is not AccessState.DENIED or one.ended_at is None:
        return False
    same = one.wanted == draft.wanted and one.principal_id == draft.principal_id
    return same and one.ended_at > draft.created_at - DAY
