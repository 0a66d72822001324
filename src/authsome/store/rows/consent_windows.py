"""Consent windows: from which position to which one facts may be sent, and with which settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWindow:
    """Facts behind `opened_position`, up to `closed_position` where it is closed, may go to `sink`."""

    id: str
    sink: str
    opened_position: int
    settings: dict[str, Any]
    catalogue_hash: str
    created_at: datetime
    closed_position: int | None = None
    ended_at: datetime | None = None


class ConsentWindows(Rows[ConsentWindow]):
    """The table `consent_window`."""

    table, model = registry.consent_window, ConsentWindow

    def list_for(self, sink: str) -> list[ConsentWindow]:
        """All windows of a sink, oldest first."""
        query = select(self.table).where(self.table.c.sink == sink)
        return self.all(query.order_by(self.table.c.opened_position, self.table.c.id))
