"""A receipt of an erasure, in the words of a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from authsome.server.web.pages import Receipt

NAMES = {
    "identities": "Agents",
    "connections": "Connections",
    "grants": "Grants",
    "sessions": "Sessions",
    "runs": "Runs",
    "auth_sessions": "Auth sessions",
    "values": "Words in the record",
}
BY = {"owner": "its owner", "admin": "an admin"}


def receipt(told: dict[str, Any]) -> Receipt:
    """From what the runtime says of it."""
    by_hand = told["posthog"]["by_hand"]
    return Receipt(
        id=told["id"],
        subject=told["subject"],
        by=BY[told["by"]],
        erased_at=datetime.fromisoformat(told["erased_at"]),
        destroyed={name: told["destroyed"][key] for key, name in NAMES.items()},
        posthog=at_posthog(told["posthog"]),
        by_hand=tuple(by_hand["distinct_ids"]) if by_hand else (),
    )


def at_posthog(told: dict[str, Any]) -> str:
    """How far it is there, as one line for page and terminal."""
    because = f": {told['because']}" if told["because"] else ""
    lost = told["by_hand"]["lost_pseudonyms"] if told["by_hand"] else ()
    hidden = f"; what left under the lost key {', '.join(lost)} cannot be named" if lost else ""
    match told["state"]:
        case "not_needed":
            return "nothing was ever sent there"
        case "verified":
            return f"deleted, and looked at {told['verified_at']}: nothing is left{hidden}"
        case "requested":
            return f"asked to delete {told['requested_at']}{because}{hidden}"
        case _:
            return f"not asked yet{because}{hidden}"
