"""Nothing changes or removes a fact but what gives it its place and what ends its time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import authsome

SOURCE = Path(authsome.__file__).parent
NOUNS = "principal identity provider vault connection grant claim auth_session run erasure".split()
# Statements about the log, in both of SQLAlchemy's spellings, and in plain SQL.
CHANGES = re.compile(
    r"\b(?:update|delete)\(event_log\)|\bevent_log\.(?:update|delete)\(|(?:UPDATE|DELETE FROM) event_log"
)
MAY = {
    "store/sequencer.py": "gives committed facts their positions",
    "analytics/retain.py": "removes facts whose time is over, once their share of the numbers is kept",
}
OUTSIDE = {"httpx", "socket", "ssl", "subprocess", "urllib", "http", "requests", "argon2", "asyncio"}
WITH_REASON = {
    "principal/password.py": frozenset(
        {"argon2", "asyncio"}
    ),  # on threads of its own, before the unit of work
    # Waits between two looks at who renews a token, outside of any unit of work; what asks is a port.
    "connection/oauth/renew.py": frozenset({"asyncio"}),
    # Bound how long others are waited for, outside of any unit of work; what asks is a port.
    "connection/by_address/add.py": frozenset({"asyncio"}),
    "connection/revocation/carry_out.py": frozenset({"asyncio"}),
    # Take addresses apart, and ask none.
    "provider/oauth.py": frozenset({"urllib"}),
    "provider/definition/check.py": frozenset({"urllib"}),
    "provider/discovery/address.py": frozenset({"urllib"}),
    "provider/search.py": frozenset({"urllib"}),
}


def modules(*folders: str) -> Iterator[tuple[str, str]]:
    for folder in folders or ("",):
        for path in sorted((SOURCE / folder).rglob("*.py")):
            yield path.relative_to(SOURCE).as_posix(), path.read_text("utf-8")


def test_only_these_change_what_the_log_says() -> None:
    found = {
        name
        for name, text in modules()
        if CHANGES.search(text) and not name.startswith(("testing/", "store/migrations/"))
    }
    assert found == MAY.keys()


def test_no_write_notifies_by_the_database() -> None:
    """NOTIFY locks the whole PostgreSQL at commit; a commit wakes its own process, the others poll."""
    assert [name for name, text in modules() if re.search(r"\bNOTIFY\b\s+\w|pg_notify", text)] == []


def test_no_use_case_waits_inside_of_its_unit_of_work() -> None:
    """A body that could be suspended would hold the writer for as long as something outside likes."""
    waiting = [
        f"{name}: {node.name}"
        for name, text in modules(*NOUNS)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.AsyncFunctionDef) and [arg.arg for arg in node.args.args[:1]] == ["work"]
    ]
    assert waiting == []


def test_nouns_reach_nothing_outside() -> None:
    reaching = {
        name: sorted(found)
        for name, text in modules(*NOUNS)
        if (found := imported(text) & OUTSIDE - WITH_REASON.get(name, frozenset()))
    }
    assert reaching == {}


def imported(text: str) -> set[str]:
    tops = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            tops |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            tops.add(node.module.partition(".")[0])
    return tops
