"""Read the facts page by page: goes on after an outage, and notices when the pages are not of one truth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authsome.client.errors import ClientError, ServerNotRunning, ServerUnreachable
from authsome.kit.errors import ConflictError, Kind

PATH = "/telemetry/facts"
PATIENCE_SECONDS = 60.0  # a server may be restarted meanwhile
PAUSE_SECONDS = 1.0

Fact = dict[str, Any]
Query = Mapping[str, str | Sequence[str]]
Ask = Callable[[str, Query], Any]


class FactsChanged(ConflictError):
    """Somebody was erased, or the server upgraded, while the facts were written."""

    code = "facts_changed"
    hint = "throw away what was written, and export again"


@dataclass(frozen=True, slots=True)
class Page:
    """Some facts, how far into the log they reach, and the types of all columns by their names."""

    facts: Sequence[Fact]
    upto: int
    head: int
    columns: Mapping[str, str]


def read_pages(
    ask: Ask, query: Query, *, after: int, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Page]:
    """Pages up to where the log ended when the first was read; at least one. Raises `FactsChanged`."""
    first: tuple[Any, Any] | None = None
    goal = after
    while first is None or after < goal:
        found = _patiently(lambda at=after: ask(PATH, {**query, "after": str(at)}), sleep)  # type: ignore[misc]
        truth = (found["erasures"], found["columns"])
        if first is None:
            first, goal = truth, found["head"]
        elif truth != first:
            raise FactsChanged
        after = found["upto"]
        columns = {column["name"]: column["type"] for column in found["columns"]}
        yield Page(found["facts"], after, goal, columns)


def _patiently(ask: Callable[[], Any], sleep: Callable[[float], None]) -> Any:
    """What it answers, asked again for a minute while no server does."""
    begun = time.monotonic()
    while True:
        try:
            return ask()
        except (ClientError, ServerNotRunning, ServerUnreachable) as error:
            if error.kind is not Kind.UNAVAILABLE or time.monotonic() - begun > PATIENCE_SECONDS:
                raise
        sleep(PAUSE_SECONDS)
