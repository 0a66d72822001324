"""Replace this agent's key, whatever happens in between.

The new key is on the disk before anybody is asked, so an answer that never arrives, a crash or a power cut
leaves both keys here: whichever the server knows is the key, and asking again says which.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from authsome.client.errors import (
    AnswerUnusable,
    ClientError,
    KeyExists,
    ServerNotRunning,
    ServerUnreachable,
)
from authsome.client.http import Client
from authsome.client.keys import (
    NEXT,
    Key,
    find_key,
    load_key,
    new_key,
    promote_next_key,
    put_key_aside,
    save_key,
)
from authsome.identity.key_proof import prove
from authsome.kit.clock import SystemClock
from authsome.kit.errors import Kind

RETIRED, UNKNOWN = "key_retired", "identity_unknown"
TRIES, PAUSE_SECONDS = 5, 1.0
UNHEARD = (AnswerUnusable, ServerNotRunning, ServerUnreachable)


def rotate(folder: Path, connect: Callable[[Key], Client]) -> dict[str, Any]:
    """The identity as the server knows it under its new key, which is then in `folder`.

    Called again after anything went wrong, it finishes what was begun. Raises what asking raises; the key in
    `folder` is then the one before, and the next one lies beside it.
    """
    old = load_key(folder)
    if _whoami(connect(old)) is None:
        known: dict[str, Any] = connect(load_key(folder, NEXT)).get("/whoami")
    else:
        known = _replace(connect, old, _next_key(folder, connect))
    promote_next_key(folder)
    return known


def _next_key(folder: Path, connect: Callable[[Key], Client]) -> Key:
    """The key of an attempt before, if nobody has it yet, or a new one."""
    left = find_key(folder, NEXT)
    if left is not None and not _is_unknown(connect(left)):
        put_key_aside(folder, NEXT)  # another identity's, onboarded here before this one
        left = None
    if left is not None:
        return left
    key = new_key()
    try:
        save_key(folder, key, NEXT)
    except KeyExists:  # by somebody who rotates at the same time; both mean the same key then
        return load_key(folder, NEXT)
    return key


def _replace(connect: Callable[[Key], Client], old: Key, new: Key) -> dict[str, Any]:
    client = connect(old)
    created = int(SystemClock().now().timestamp())
    proof = prove(
        authority=client.address.authority, old_did=old.did, new_did=new.did, created=created, key=new.sign
    )
    body = {"did": proof.did, "created": proof.created, "signature": proof.signature}
    try:
        client.post("/key-rotations", body)
    except UNHEARD:
        if not _took_effect(connect(new)):
            raise
    except ClientError as error:
        unsure = error.kind in (Kind.UNAVAILABLE, Kind.BROKEN) or error.code == RETIRED
        if not unsure or not _took_effect(connect(new)):
            raise
    known: dict[str, Any] = connect(new).get("/whoami")
    return known


def _took_effect(client: Client) -> bool:
    """Whether the server knows the new key. Raises when it cannot be asked: then nobody can say."""
    for left in range(TRIES - 1, -1, -1):
        try:
            return not _is_unknown(client)
        except UNHEARD:
            if not left:
                raise
            time.sleep(PAUSE_SECONDS)
    return False


def _is_unknown(client: Client) -> bool:
    try:
        client.get("/whoami")
    except ClientError as error:
        if error.code != UNKNOWN:
            raise
        return True
    return False


def _whoami(client: Client) -> dict[str, Any] | None:
    """None for a key that was replaced."""
    try:
        found: dict[str, Any] = client.get("/whoami")
    except ClientError as error:
        if error.code != RETIRED:
            raise
        return None
    return found
