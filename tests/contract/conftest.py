"""Suites that hold every database to the same promises."""

from __future__ import annotations

from tests.support.databases import clock, database_url, postgres_server, store

__all__ = ["clock", "database_url", "postgres_server", "store"]
