"""Look providers up, bundled and custom alike."""

from __future__ import annotations

from authsome.provider.catalogue import bundled, find_bundled
from authsome.provider.errors import ProviderMissing
from authsome.provider.model import Provider
from authsome.provider.ports import ProviderWork


def list_providers(view: ProviderWork) -> list[Provider]:
    """All providers of this installation, by name. A custom one stands for a bundled one of its name."""
    known = {provider.name: provider for provider in bundled()}
    known |= {row.name: row.provider for row in view.providers.list()}
    return sorted(known.values(), key=lambda provider: provider.name)


def get_provider(view: ProviderWork, name: str) -> Provider:
    """Raises `ProviderMissing`. A custom provider is meant before a bundled one of the same name.

    It was there before a release bundled the name, or an admin overrode it; connections were made to it.
    """
    custom = view.providers.find_by_name(name) if len(name) <= 32 and name.isprintable() else None
    known = custom.provider if custom else find_bundled(name)
    if known is None:
        raise ProviderMissing
    return known
