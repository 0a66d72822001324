"""A vault, and the place to which a sealed secret is bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """A principal's vault. `key_id` says which installation key wraps its data key."""

    id: str
    principal_id: str
    key_id: str
    wrapped_key: bytes = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """The row that a sealed secret belongs to. `version` grows each time the row's secret is replaced."""

    table: str
    row_id: str
    version: int = 1
