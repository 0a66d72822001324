"""The rows that provider use cases need."""

from __future__ import annotations

from typing import Protocol

from authsome.kit.work import Work
from authsome.provider.model import CustomProvider


class Providers(Protocol):
    """The table of custom providers."""

    def add(self, custom: CustomProvider) -> None: ...
    def update(self, custom: CustomProvider) -> None: ...
    def remove(self, custom_id: str) -> None: ...
    def find_by_name(self, name: str) -> CustomProvider | None: ...
    def list(self, *, after: str = "", limit: int = 1_000) -> list[CustomProvider]: ...


class ProviderWork(Work, Protocol):
    """The slice of a unit of work that provider use cases see."""

    @property
    def providers(self) -> Providers: ...
