"""Is this link good, now, for this?"""

from __future__ import annotations

from collections.abc import Collection

from authsome.kit.secret import Secret
from authsome.principal.errors import LinkInvalid
from authsome.principal.model import Invitation, LinkKind
from authsome.principal.ports import PrincipalWork


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
