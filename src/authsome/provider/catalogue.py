"""The providers that come with Authsome, and how events speak of any provider."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from authsome.provider.model import CUSTOM, Provider
from authsome.provider.validate import parse_file, read_definition


@cache
def bundled() -> tuple[Provider, ...]:
    """All bundled providers, by name. Read once; a broken file is a broken build and raises at once."""
    folder = resources.files("authsome.provider").joinpath("bundled")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda f: f.name)
    return tuple(
        read_definition(parse_file(file.read_bytes(), is_toml=False), bundled=True) for file in files
    )


@cache
def _by_name() -> Mapping[str, Provider]:
    return {provider.name: provider for provider in bundled()}


def find_bundled(name: str) -> Provider | None:
    return _by_name().get(name)


def spoken_of(name: str) -> dict[str, Any]:
    """The fields with which events name the provider `name`: a bundled one by name, any other as `custom`
    and a pseudonym. A custom name is a person's word and may say who they are.
    """
    is_bundled = find_bundled(name) is not None
    return {"provider": name if is_bundled else CUSTOM, "custom_provider": None if is_bundled else name}
