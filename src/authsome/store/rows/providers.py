"""Custom providers. Bundled ones are files and have no rows."""

from __future__ import annotations

import builtins
import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, select

from authsome.provider.host import read_host_pattern
from authsome.provider.model import CustomProvider, Provider
from authsome.provider.validate import read_definition
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry
from authsome.store.tables.columns import canonical


class Providers(Rows[CustomProvider]):
    """The table `provider`.

    A definition is validated on the way out too: a row that was changed behind the server's back must not
    send a secret to a new place by a header that smuggles requests.
    """

    table, model = registry.provider, CustomProvider

    def find_by_name(self, name: str) -> CustomProvider | None:
        return self.first(select(self.table).where(self.table.c.name == name))

    def list(self, *, after: str = "", limit: int = 1_000) -> builtins.list[CustomProvider]:
        return self.page(select(self.table), after, limit)

    def from_row(self, row: Row[Any]) -> CustomProvider:
        values = row._mapping
        definition = canonical(values["definition"])
        return CustomProvider(
            id=values["id"],
            provider=_read(definition, tuple(values["private_addresses"])),
            created_by=values["created_by"],
            created_at=values["created_at"],
        )

    def to_row(self, item: CustomProvider) -> dict[str, Any]:
        return {
            "id": item.id,
            "name": item.name,
            "definition": item.provider.definition(),
            "private_addresses": [str(pattern) for pattern in item.provider.private_addresses],
            "created_by": item.created_by,
            "created_at": item.created_at,
        }


@lru_cache(maxsize=512)
def _read(definition: str, private_addresses: tuple[str, ...]) -> Provider:
    """Read once per text: every decision of the proxy asks for all providers."""
    private = tuple(read_host_pattern(text) for text in private_addresses)
    return replace(read_definition(json.loads(definition)), private_addresses=private)
