"""Look providers up, bundled and custom alike."""

from __future__ import annotations

from authsome.provider.catalogue import bundled, find_bundled
from authsome.provider.errors import ProviderMissing
from authsome.provider.model import Provider
from authsome.provider.ports import ProviderWork


def list_providers(view: ProviderWork) -> list[Provider]:
    """All providers of this installation, by name."""
    custom = [row.provider for row in view.providers.list()]
    return sorted([*bundled(), *custom], key=lambda provider: provider.name)


def get_provider(view: ProviderWork, name: str) -> Provider:
    """Raises `ProviderMissing`. A bundled name always means the bundled provider."""
    known = find_bundled(name)
    if known is not None:
        return known
    custom = view.providers.find_by_name(name) if len(name) <= 32 and name.isprintable() else None
    if custom is None:
        raise ProviderMissing
    return custom.provider
