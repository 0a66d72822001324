"""The providers that come with Authsome, and how events speak of any provider."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

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


def find_bundled(name: str) -> Provider | None:
    return next((provider for provider in bundled() if provider.name == name), None)


@dataclass(frozen=True, slots=True)
class Reported:
    """A provider in an event: a bundled one by name, any other as `custom` and a pseudonym."""

    provider: str
    custom_provider: str | None


def reported(name: str) -> Reported:
    """How events name the provider `name`. A custom name is a person's word and may say who they are."""
    return Reported(name, None) if find_bundled(name) else Reported(CUSTOM, name)
