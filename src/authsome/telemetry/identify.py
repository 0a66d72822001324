"""As whom a fact is sent: the only place that makes a `distinct_id` and person properties.

- A principal is its id, an identity its handle, a server its installation id. All three are made by the
  server, at random, never reused, and say nothing about anyone. An e-mail is none of them: it changes, it
  cannot be taken out of past events, and two spellings of it are two persons.
- There is no fallback. A shared constant would be one very busy person, so a fact without a subject of
  one of the three forms is refused here and becomes a dead letter.
- Never an alias: PostHog's merges are for ever and are refused in silence for identified persons, so an
  agent that is released and claimed again could not be expressed. Persons carry `principal_id` instead.
- Where the terms ask for pseudonyms, a subject is checked by its own form first and named by its pseudonym
  then, in the `distinct_id` and in every person property alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from authsome.identity import handle
from authsome.identity.model import Identity
from authsome.kit.caller import ActorKind
from authsome.kit.errors import BrokenError
from authsome.principal.model import Principal
from authsome.store.event_log import LoggedEvent
from authsome.telemetry.naming.pseudonyms import SUBJECTS, Kind, Naming, plain
from authsome.telemetry.sink import PersonChange

# Nothing that PostHog calls illegal (`anonymous`, `id`, `system`, …) and no address fits any of these.
FORMS = {
    ActorKind.PRINCIPAL: re.compile(r"prn_[0-9a-z]{1,64}"),
    ActorKind.IDENTITY: handle.FORM,
    ActorKind.SERVER: re.compile(r"srv_[0-9a-z]{1,64}"),
}

# An identity that nobody has claimed stays without a person, for strangers can register keys at will.
# All other facts about an identity are about a claimed one, and carry its owner.
UNCLAIMED = frozenset(
    {"identity_registered", "identity_claim_opened", "identity_claim_rejected", "identity_claim_expired"}
)

DESCRIBES_PRINCIPAL = frozenset({"principal_registered", "principal_role_changed"})
DESCRIBES_IDENTITY = frozenset({"identity_claimed", "identity_key_rotated", "identity_released"})
DESCRIBES = DESCRIBES_PRINCIPAL | DESCRIBES_IDENTITY


class SubjectUnusable(BrokenError):
    """The fact's subject has no form under which it may be counted elsewhere."""

    code = "subject_unusable"
    hint = "look at the fact with `authsome telemetry preview`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """As whom a fact is sent, and what it changes in that person."""

    distinct_id: str
    personless: bool
    person: PersonChange | None = None


def identify(
    fact: LoggedEvent, current: Principal | Identity | None = None, *, naming: Naming = plain
) -> Identified:
    """As whom to send the fact, in the words of `naming`. Raises `SubjectUnusable`.

    `current` is the row that the fact is about, as it is now. Person properties are taken from it and not
    from the fact, because they apply in the order of arrival: a fact that is sent again months later must
    not bring back an old role or owner.
    """
    kind = _kind(fact)
    personless = is_personless(fact)
    return Identified(
        distinct_id=distinct_id(kind, fact.subject_id, naming),
        personless=personless,
        person=None if personless or fact.name not in DESCRIBES else _portrait(kind, current, naming),
    )


def distinct_id(kind: ActorKind, subject_id: str, naming: Naming = plain) -> str:
    """Under which id a subject is counted elsewhere."""
    named = SUBJECTS.get(kind)
    return naming(named, subject_id) if named else subject_id


def is_personless(fact: LoggedEvent) -> bool:
    """Whether PostHog is to keep no person for the fact's subject."""
    if fact.subject_kind == ActorKind.SERVER:
        return True
    if fact.subject_kind == ActorKind.IDENTITY:
        return fact.name in UNCLAIMED or not fact.fields.get("principal_id")
    return False


def _kind(fact: LoggedEvent) -> ActorKind:
    try:
        kind = ActorKind(fact.subject_kind)
    except ValueError:
        raise SubjectUnusable(f"{fact.subject_kind!r} is not a kind of subject") from None
    if not FORMS[kind].fullmatch(fact.subject_id):
        raise SubjectUnusable(f"the subject of {fact.name} is not the id of a {kind}")
    return kind


def _portrait(kind: ActorKind, current: Principal | Identity | None, naming: Naming) -> PersonChange | None:
    if isinstance(current, Principal) and kind is ActorKind.PRINCIPAL:
        return PersonChange(set={"kind": "principal", "role": current.role.value})
    if isinstance(current, Identity) and kind is ActorKind.IDENTITY:
        agent = {"kind": "agent", "did": naming(Kind.DID, current.did)}
        if current.principal_id is None:
            return PersonChange(set=agent, unset=("principal_id",))
        return PersonChange(set=agent | {"principal_id": naming(Kind.PRINCIPAL, current.principal_id)})
    return None
