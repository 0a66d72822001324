"""What of a principal's connections ended lately, and what their providers said to that."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.connection.model import Connection, ConnectionState
from authsome.connection.ports import ConnectionWork
from authsome.connection.revocation.model import OUTCOME_WORDS, Revocation

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Ended:
    """A connection that ended. `revocation` is there where its provider was asked."""

    connection: Connection
    revocation: Revocation | None

    @property
    def words(self) -> str:
        """What became of it at the provider."""
        if self.connection.state is not ConnectionState.REVOKED:
            return "not asked: put away here only"
        if self.revocation is None:
            return "not asked: it has no address for that; delete the access on its own page"
        if self.revocation.outcome is None:
            return "being asked"
        return OUTCOME_WORDS[self.revocation.outcome]


def ended_lately(view: ConnectionWork, principal_id: str) -> list[Ended]:
    """The latest first."""
    connections = view.connections.list_ended(principal_id, limit=SHOWN)
    asked = view.revocations.list_of([one.id for one in connections])
    by_connection = {one.connection_id: one for one in asked}
    return [Ended(one, by_connection.get(one.id)) for one in connections]
