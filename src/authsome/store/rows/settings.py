"""Settings of the installation, such as its id and its time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A named value; the name is its id."""

    id: str
    value: Any
    updated_at: datetime


class Settings(Rows[Setting]):
    """The table `setting`."""

    table, model = registry.setting, Setting

    def put(self, setting: Setting) -> None:
        """Add the setting, or give it its new value."""
        if self.find(setting.id) is None:
            self.add(setting)
        else:
            self.update(setting)
