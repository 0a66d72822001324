"""The clients that this installation is at providers."""

from __future__ import annotations

import builtins
from typing import ClassVar

from sqlalchemy import select

from authsome.connection.oauth.client import OAuthClient
from authsome.provider.oauth import ClientOrigin
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


class OAuthClients(Rows[OAuthClient]):
    """The table `oauth_client`."""

    table, model = registry.oauth_client, OAuthClient
    enums: ClassVar = {"origin": ClientOrigin}

    def find_of(self, provider: str) -> OAuthClient | None:
        return self.find_where("provider", provider)

    def list(self, *, after: str = "", limit: int = 1_000) -> builtins.list[OAuthClient]:
        return self.page(select(self.table), after, limit)
