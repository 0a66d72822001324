"""Open an account with a one-time link."""

from __future__ import annotations

from authsome.kit.caller import Caller
from authsome.kit.secret import Secret
from authsome.kit.work import Transactions
from authsome.principal.errors import EmailTaken, LinkInvalid
from authsome.principal.events import PrincipalRegistered
from authsome.principal.invite import check_link
from authsome.principal.model import LinkKind, Principal, PrincipalState, check_display_name, normal_email
from authsome.principal.password import Hasher
from authsome.principal.ports import PrincipalWork

OPENING = (LinkKind.SET_UP, LinkKind.INVITATION)


async def register(
    store: Transactions[PrincipalWork],
    hasher: Hasher,
    caller: Caller,
    *,
    link: Secret,
    email: str,
    password: Secret,
    display_name: str | None = None,
) -> Principal:
    """A new principal with the link's role.

    Raises `LinkInvalid`, `EmailTaken`, `PasswordWeak`, `InputInvalid` for a malformed e-mail or name.

    The link is checked before the password is hashed, so that strangers cannot make the server hash.
    """
    address, name = normal_email(email), check_display_name(display_name)
    await store.read(lambda view: check_link(view, link, OPENING))
    password_hash = await hasher.hash(password)
    return await store.write(
        caller,
        lambda work: admit(work, link=link, email=address, hashed=password_hash, display_name=name),
    )


def admit(
    work: PrincipalWork, *, link: Secret, email: str, hashed: str | None, display_name: str | None = None
) -> Principal:
    """Turn an unused link into a principal. Two people with the same link: one gets in.

    A set-up link also dies when any principal exists, whoever made it, so there is one first admin.
    """
    invitation = check_link(work, link, OPENING)
    if invitation.kind is LinkKind.SET_UP and work.principals.exists_any():
        raise LinkInvalid
    if work.principals.find_by_email(email):
        raise EmailTaken
    principal_id = work.new_id("prn")
    at = work.record(
        PrincipalRegistered(
            principal_id=principal_id,
            role=invitation.role,
            via=invitation.kind,
            invitation_id=invitation.id,
        )
    )
    principal = Principal(
        id=principal_id,
        email=email,
        display_name=display_name,
        password_hash=hashed,
        role=invitation.role,
        state=PrincipalState.ACTIVE,
        created_at=at,
    )
    work.principals.add(principal)
    work.invitations.mark_used(invitation.id, at)
    return principal
