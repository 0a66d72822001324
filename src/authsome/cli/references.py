"""What people write for a connection or an agent, looked up in a list that the server gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from authsome.connection.errors import ConnectionMissing, ConnectionUnclear
from authsome.identity.errors import IdentityMissing


def find_connection(known: Sequence[dict[str, Any]], reference: str) -> dict[str, Any]:
    """The connection meant by `con_…`, `provider` or `provider/name`; one's own before one that others share.

    Raises `ConnectionMissing` or `ConnectionUnclear`.
    """
    exact = [one for one in known if reference in (one["id"], f"{one['provider']}/{one['name']}")]
    found = exact or [one for one in known if one["provider"] == reference]
    if len(found) > 1:
        own = [one for one in found if one["is_own"]]
        found = [one for one in own if one["is_default"]] or own or found
    if not found:
        raise ConnectionMissing(f"there is no connection {reference!r}")
    if len(found) > 1:
        raise ConnectionUnclear
    return found[0]


def find_identity(known: Sequence[dict[str, Any]], handle: str) -> dict[str, Any]:
    """The agent of that handle, did, or label if only one has it. Raises `IdentityMissing`."""
    exact = [one for one in known if handle in (one["handle"], one["did"])]
    found = exact or [one for one in known if one["label"] == handle]
    if len(found) != 1:
        raise IdentityMissing(f"there is no agent {handle!r}")
    return found[0]
