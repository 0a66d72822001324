"""Real processes over real databases."""

from tests.support.databases import database_url, postgres_server

__all__ = ["database_url", "postgres_server"]
