"""Find providers by what people remember of one: its name, what it is for, or an address of it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from authsome.provider.definition.category import Category
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.host import HostPattern, read_host_pattern
from authsome.provider.model import Provider

LONGEST_SEARCH = 200
_NO_MATCH = 9


def search(providers: Iterable[Provider], text: str, *, category: Category | None = None) -> list[Provider]:
    """Those of a category that every word of `text` fits, the best first; all, by name, without a word.

    A word fits what holds it, whatever the case: the name, what it does, a category, a host. A whole host or
    address, as in `https://api.eu.acme.example/v1`, also fits a wildcard that covers it.
    """
    words = text.casefold()[:LONGEST_SEARCH].split()
    within = [one for one in providers if category is None or category in one.categories]
    ranked = [(max((_rank(one, word) for word in words), default=0), one) for one in within]
    fitting = sorted(
        (pair for pair in ranked if pair[0] < _NO_MATCH), key=lambda pair: (pair[0], pair[1].name)
    )
    return [one for _, one in fitting]


def _rank(provider: Provider, word: str) -> int:
    names = (provider.name, provider.display_name.casefold())
    if word in names:
        return 0
    if any(name.startswith(word) for name in names):
        return 1
    if any(word in name for name in names):
        return 2
    place = _place(word)
    if place is not None and provider.covers(place.host, place.port):
        return 2
    kinds = [text for one in provider.categories for text in (one.value, one.heading)]
    if any(word in text.casefold() for text in (provider.description or "", *kinds)):
        return 3
    return 4 if any(word in str(host) for host in provider.hosts) else _NO_MATCH


def _place(word: str) -> HostPattern | None:
    """The host and port that an address, or a host alone, names; None for any other word."""
    try:
        return read_host_pattern(urlsplit(word).netloc if "://" in word else word)
    except (DefinitionInvalid, ValueError):
        return None
