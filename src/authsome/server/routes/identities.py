"""Agents: register a key, replace it, ask who I am, list mine."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from authsome.claim.register import register
from authsome.identity.errors import (
    DidInvalid,
    DidTaken,
    IdentityEnded,
    IdentityUnclaimed,
    IdentityUnknown,
    KeyRetired,
    LabelInvalid,
    RotationUnproven,
    TooManyPending,
)
from authsome.identity.key_proof import KeyProof
from authsome.identity.model import Identity
from authsome.identity.rotate_key import rotate_key
from authsome.kit.caller import ActorKind
from authsome.server.address import address_key
from authsome.server.callers import Acting, AnySigner, Did
from authsome.server.guard import authority_of
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import After
from authsome.server.state import Rt

router = APIRouter(prefix="/api", tags=["identities"])


REGISTERING = (LabelInvalid, DidTaken, IdentityEnded, KeyRetired, TooManyPending)
ROTATING = (
    RotationUnproven,
    DidInvalid,
    IdentityUnknown,
    IdentityUnclaimed,
    IdentityEnded,
    KeyRetired,
    DidTaken,
)


class Registration(BaseModel):
    """What an agent says of itself. The did is the key that signed the request."""

    model_config = ConfigDict(extra="forbid")
    label: Annotated[str | None, Field(max_length=256)] = None


class Registered(BaseModel):
    """What only the holder of the key learns."""

    handle: str
    did: str
    claim_url: str
    code: str
    expires_at: datetime


class IdentityOut(BaseModel):
    """An identity as its owner sees it."""

    id: str
    handle: str
    did: str
    state: str
    label: str | None
    created_at: datetime
    claimed_at: datetime | None


class KeyRotation(BaseModel):
    """The new key, and its own word that it takes the old one's place here and now."""

    model_config = ConfigDict(extra="forbid")
    did: Annotated[str, Field(max_length=56)]
    created: Annotated[int, Field(ge=0, le=9_999_999_999, description="Seconds since 1970.")]
    signature: Annotated[str, Field(max_length=88, description="Base64, by the new key.")]


class Whoami(BaseModel):
    """Whose key signed the request."""

    kind: str
    id: str
    did: str
    state: str
    principal_id: str | None
    is_admin: bool


@router.post("/identities", status_code=201, responses=refusals(*REGISTERING))
async def register_identity(body: Registration, request: Request, runtime: Rt, *, did: Did) -> Registered:
    """Register the key that signed this request, or get a new link while it waits to be claimed."""
    origin = address_key(runtime, request)
    await runtime.pending_room.admit(origin)
    made = await runtime.store.write(
        runtime.server, lambda work: register(work, did=did, label=body.label, address_key=origin)
    )
    return Registered(
        handle=made.identity.handle,
        did=made.identity.did,
        claim_url=f"{runtime.config.base_url}/claim/{made.token.reveal()}",
        code=made.code.reveal(),
        expires_at=made.claim.expires_at,
    )


@router.get("/whoami")
async def whoami(who: AnySigner) -> Whoami:
    """Whose key signed the request, and in which state it is."""
    caller = who.caller
    return Whoami(
        kind=caller.kind.value,
        id=caller.id,
        did=who.did,
        state=who.identity.state.value if who.identity else "signed_in",
        principal_id=caller.principal_id,
        is_admin=caller.is_admin,
    )


@router.post("/key-rotations", responses=refusals(*ROTATING, DidTaken))
async def rotate(body: KeyRotation, runtime: Rt, who: AnySigner) -> IdentityOut:
    """Replace the key that signed this request by the one in the body. The old one never works again."""
    proof = KeyProof(did=body.did, created=body.created, signature=body.signature)
    authority = authority_of(runtime.config.base_url)
    rotated = await runtime.store.write(
        who.caller, lambda work: rotate_key(work, proof=proof, authority=authority)
    )
    return _out(rotated)


@router.get("/identities")
async def list_identities(runtime: Rt, caller: Acting, after: After = "") -> list[IdentityOut]:
    """The caller's principal's identities; an identity sees itself only. A hundred at a time."""
    owner = caller.principal_id
    found = await runtime.store.read(lambda view: view.identities.list(principal_id=owner, after=after))
    mine = caller.kind is ActorKind.PRINCIPAL
    return [_out(identity) for identity in found if mine or identity.id == caller.identity_id]


def _out(identity: Identity) -> IdentityOut:
    return IdentityOut(
        id=identity.id,
        handle=identity.handle,
        did=identity.did,
        state=identity.state.value,
        label=identity.label,
        created_at=identity.created_at,
        claimed_at=identity.claimed_at,
    )
