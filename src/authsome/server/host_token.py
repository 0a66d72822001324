"""What proves that a request comes from the server's own user on its host: a file only they can read.

It is made anew at each start and removed at the stop, so a copy in a backup is worth nothing.
"""

from __future__ import annotations

import base64
import hmac
import os
from pathlib import Path

from fastapi import Request

from authsome.kit.errors import UnauthenticatedError
from authsome.kit.ids import Entropy
from authsome.kit.secret import Secret
from authsome.server.state import Rt

NAME = "host.token"
LONGEST = 64


class HostTokenWrong(UnauthenticatedError):
    """Only the server's own user, on its host, may do this."""

    code = "host_token_wrong"
    hint = "run the command as the server's user on the machine where the server runs"


def make_host_token(folder: Path, entropy: Entropy) -> None:
    """Write a new token, 0600. A file that lies there already is replaced, not written through."""
    path = folder / NAME
    path.unlink(missing_ok=True)
    token = base64.urlsafe_b64encode(entropy.bytes(32)).rstrip(b"=")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(token)


def check_host_token(folder: Path, given: Secret) -> None:
    """Raises `HostTokenWrong`; compares in constant time."""
    try:
        known = (folder / NAME).read_bytes()[:LONGEST]
    except OSError:
        raise HostTokenWrong from None
    if not known or not hmac.compare_digest(known, given.reveal().encode()[: LONGEST + 1]):
        raise HostTokenWrong


def from_the_host(request: Request, runtime: Rt) -> None:
    """Raises `HostTokenWrong`. Another machine is refused whatever it knows."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    same_machine = request.client and request.client.host == request.scope["server"][0]
    if not same_machine or scheme.lower() != "bearer" or len(token) > LONGEST:
        raise HostTokenWrong
    check_host_token(runtime.config.server_home, Secret(token))


def drop_host_token(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)
