"""Write down that a provider was tested."""

from __future__ import annotations

from authsome.connection.model import Connection
from authsome.connection.ports import ConnectionWork
from authsome.provider.catalogue import spoken_of
from authsome.provider.events import ProviderTested


def note_test(work: ConnectionWork, *, provider: str, connection: Connection | None, passed: bool) -> None:
    """By a principal; with a connection of theirs where its secret was sent."""
    principal_id = work.caller.require_principal()
    work.record(
        ProviderTested(
            principal_id=principal_id,
            **spoken_of(provider),
            connection_id=connection.id if connection else None,
            passed=passed,
        )
    )
