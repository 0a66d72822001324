"""Which use case records which event: read off the code, so that no list can say otherwise.

A use case makes an event by its class, so the modules in which a class of some `events.py` is called are its
use cases. What writes facts again (`analytics.rows`) and what makes up histories (`testing`) are none.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from authsome.telemetry import catalogue

NO_USE_CASES = frozenset({"testing"})
WRITTEN_AGAIN = "authsome.analytics.rows"


@cache
def recorded_by() -> Mapping[str, tuple[str, ...]]:
    """The modules that record each event, by its name; an event that nothing records is left out."""
    classes = {event.__name__: event.name for event in catalogue.events().values()}
    found: dict[str, set[str]] = defaultdict(set)
    for module, source in _modules():
        if ".events import" in source:  # parsing is slow, and most modules record nothing
            for called in _calls(source):
                if called in classes:
                    found[classes[called]].add(module.removeprefix("authsome."))
    return {name: tuple(sorted(modules)) for name, modules in found.items()}


def _modules() -> Iterator[tuple[str, str]]:
    """Name and source of every module that may hold a use case."""
    for folder in sorted(resources.files("authsome").iterdir(), key=lambda entry: entry.name):
        if folder.is_dir() and folder.name not in NO_USE_CASES:
            yield from _inside(folder, f"authsome.{folder.name}")


def _inside(folder: Traversable, name: str) -> Iterator[tuple[str, str]]:
    if name == WRITTEN_AGAIN:
        return
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _inside(entry, f"{name}.{entry.name}")
        elif entry.name.endswith(".py") and entry.name != "events.py":
            yield f"{name}.{entry.name.removesuffix('.py')}", entry.read_text("utf-8")


def _calls(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
