"""Real processes over real databases."""

from __future__ import annotations

from tests.support.databases import database_url, postgres_server

__all__ = ["database_url", "postgres_server"]
