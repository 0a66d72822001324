"""Write down what a provider said of a connection."""

from __future__ import annotations

from dataclasses import replace

from authsome.connection.checking.model import CheckOutcome
from authsome.connection.events import ConnectionChecked
from authsome.connection.model import Connection
from authsome.connection.oauth.record import about
from authsome.connection.ports import ConnectionWork


def record_checked(
    work: ConnectionWork, *, asked: Connection, outcome: CheckOutcome, holder: str | None, only_due: bool
) -> Connection | None:
    """The connection with the answer; None where another secret has taken the place of the one asked about,
    or where it is `only_due` and another server has said so by now.
    """
    connection = work.connections.find(asked.id)
    if connection is None or not connection.is_live or connection.version != asked.version:
        return None
    if only_due and not connection.check_due:
        return None
    at = work.record(ConnectionChecked(**about(connection), outcome=outcome, holder=holder))
    checked = replace(
        connection,
        check_due=False,
        checked_at=at,
        check_outcome=outcome,
        holder=holder or connection.holder,
    )
    work.connections.update(checked)
    return checked
