"""`docs/reference/events.ledger.json`: every event name and version there ever was, with its fields.

Whoever queries events by name and field relies on both for as long as their project keeps the events, so
nothing in it is ever rewritten. `make docs` adds what is new; `make check` refuses

- fields that changed without a new `version` of the event,
- a name that was removed and came back, for its old events would be taken for the new ones,
- a name or version that is no longer in the file, or is another than in any earlier commit.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from authsome.kit.event import Event
from authsome.telemetry import catalogue

ROOT = Path(__file__).resolve().parents[2]
PATH = "docs/reference/events.ledger.json"
REMOVED = "removed"

Ledger = dict[str, dict[str, Any]]


def files() -> dict[str, str]:
    """The ledger with what is new in it. Raises `SystemExit` where something in it would have to change."""
    known = read((ROOT / PATH).read_text(encoding="utf-8")) if (ROOT / PATH).exists() else {}
    faults = [*rewritten(known, committed()), *broken(known, catalogue.events())]
    if faults:
        raise SystemExit("\n".join(f"{PATH}: {fault}" for fault in faults))
    return {PATH: write(extended(known, catalogue.events()))}


def broken(known: Ledger, events: Mapping[str, type[Event]]) -> Iterator[str]:
    """What the events do that the ledger does not allow."""
    for name, event in events.items():
        entry = known.get(name, {})
        if REMOVED in entry:
            yield f"{name} was removed and can never come back: choose another name"
        said = entry.get(str(event.version))
        if said is not None and said != described(event):
            yield (
                f"{name} is not what version {event.version} of it was: set `version = {event.version + 1}` "
                "(or, if that version is in no commit yet, take it out of the file again)"
            )
        newest = max((int(version) for version in entry if version != REMOVED), default=0)
        if event.version < newest:
            yield f"{name} had version {newest} already, so it cannot be {event.version}"


def rewritten(known: Ledger, earlier: list[Ledger]) -> Iterator[str]:
    """What some earlier ledger had and this one has not, or has otherwise."""
    for ledger in earlier:
        for name, entry in ledger.items():
            for version, said in entry.items():
                if known.get(name, {}).get(version) != said:
                    yield f"{name} {version} is in an earlier commit and must stay as it was there"


def extended(known: Ledger, events: Mapping[str, type[Event]]) -> Ledger:
    """The ledger with names and versions that are new, and a mark at names that are gone."""
    ledger = {name: dict(entry) for name, entry in known.items()}
    for name, event in events.items():
        ledger.setdefault(name, {}).setdefault(str(event.version), described(event))
    for name in ledger.keys() - events.keys():
        ledger[name][REMOVED] = True
    return ledger


def described(event: type[Event]) -> dict[str, Any]:
    """What a query relies on. The choices of an enum are not part of it: a new one breaks no query."""
    return {
        "subject": event.subject.value,
        "keyed_by": event.keyed_by,
        "fields": {
            field: {"privacy": event.privacy[field].value, "type": _type(said)}
            for field, said in catalogue.field_types(event).items()
        },
    }


def read(text: str) -> Ledger:
    found: Ledger = json.loads(text)
    return found


def write(ledger: Ledger) -> str:
    return json.dumps(ledger, indent=2, sort_keys=True) + "\n"


def committed() -> list[Ledger]:
    """The ledger of every earlier commit; none where there is no history to look at."""
    found = _git("log", "--format=%H", "--", PATH)
    texts = [_git("show", f"{commit}:{PATH}") for commit in (found or "").split()]
    return [read(text) for text in texts if text]


def _type(said: Mapping[str, Any]) -> str:
    return "choice" if "enum" in said else str(said.get("type", "any"))


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
