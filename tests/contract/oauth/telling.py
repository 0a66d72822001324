"""What was told of a connection."""

from __future__ import annotations

from tests.support.log import all_events
from tests.support.oauth import Acme


async def facts(acme: Acme) -> list[tuple[str, str | None]]:
    """The events of connections after they were made, with their reasons."""
    wanted = ("connection_refresh", "connection_marked", "connection_reauthorized")
    found = await all_events(acme.store)
    return [(one.name, one.fields.get("reason")) for one in found if one.name.startswith(wanted)]
