"""Facts of the log for whoever takes them elsewhere, page by page.

It is what the sinks are given: of each fact what may leave and nothing else, and nothing of whoever is
erased. `erasures` tells the pages of one reading apart: where it grew between two of them, somebody was
erased who may be in the first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache

from authsome.kit.errors import InvalidError
from authsome.store.event_log import Wanted
from authsome.store.view import View
from authsome.telemetry import catalogue
from authsome.telemetry.naming.terms import PLAIN
from authsome.telemetry.portion import Origin, prepare_all
from authsome.telemetry.project import place
from authsome.telemetry.sink import Outgoing
from authsome.telemetry.sinks.lines import WRITERS, LineFormat, Lines, plain_line

EVERYTHING = Wanted()
SPAN = 20_000  # rows that one page may look at: a few dozen milliseconds, also where nothing is found
# What every fact has, in the words of `sinks.lines.plain`; the catalogue's fields come after them.
ALWAYS = (
    {"position": "integer"}
    | dict.fromkeys(("id", "uuid", "event"), "string")
    | {
        "time": "timestamp",
        "subject": "string",
    }
)


class FactsUnknown(InvalidError):
    """There are no facts of that event or time."""

    code = "facts_unknown"
    hint = "`authsome telemetry catalogue` lists every event"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsPage:
    """Some facts of the log; all up to `upto` was looked at, and `head` is where the log ends."""

    facts: tuple[Outgoing, ...]
    upto: int
    head: int
    erasures: int


@dataclass(frozen=True, slots=True)
class LinesPage:
    """Some lines of the log, and behind which position to go on; None at its end."""

    lines: tuple[str, ...]
    next: int | None


def facts_page(view: View, wanted: Wanted, *, installation_id: str, after: int, limit: int) -> FactsPage:
    """The next facts of those wanted.

    What this version does not know is left out, as it is from everything sent.
    """
    head = view.event_log.head()
    after = min(max(after, view.event_log.first() - 1), head)
    upto = min(after + SPAN, head)
    rows = view.event_log.matching(wanted, after=after, upto=upto, limit=limit)
    prepared = prepare_all(
        view,
        rows,
        origin=Origin(installation_id=installation_id),
        terms_for=lambda _fact: PLAIN,
        form=Lines(plain_line),
    )
    return FactsPage(
        facts=tuple(one for one in prepared if isinstance(one, Outgoing)),
        upto=place(rows[-1]) if len(rows) == limit else upto,
        head=head,
        erasures=view.erasures.count(),
    )


def wanted(names: Collection[str] = (), *, since: date | None = None, until: date | None = None) -> Wanted:
    """Facts of these events (all, where none is named) and days in UTC. Raises `FactsUnknown`."""
    known = catalogue.events()
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise FactsUnknown(f"there is no event {name}" + (f"; did you mean {near[0]}?" if near else ""))
    if since and until and until < since:
        raise FactsUnknown(f"{until} is before {since}", hint="let the time end after it begins")
    return Wanted(
        names=frozenset(names) or None,
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def lines_page(
    view: View, line_format: LineFormat, *, installation_id: str, after: int, limit: int
) -> LinesPage:
    """The next facts as lines."""
    page = facts_page(view, EVERYTHING, installation_id=installation_id, after=after, limit=limit)
    more = page.upto if page.upto < page.head else None
    return LinesPage(tuple(WRITERS[line_format](fact) for fact in page.facts), more)


@cache
def columns() -> Mapping[str, str]:
    """Every column that a table of facts has, with its type: what all have, then fields by their names."""
    return ALWAYS | dict(sorted(_field_columns().items()))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _field_columns() -> dict[str, str]:
    found: dict[str, str] = {}
    for event in catalogue.events().values():
        for field, schema in catalogue.schema(event)["properties"].items():
            kind = str(schema.get("type", "string"))
            found[field] = kind if found.get(field, kind) == kind else "string"
    return found
