"""The rows that amendments need."""

from __future__ import annotations

from typing import Protocol

from authsome.auth_session.ports import AuthSessionWork
from authsome.grant.ports import GrantWork


class AmendmentWork(AuthSessionWork, GrantWork, Protocol):
    """The slice of a unit of work that amendments see."""
