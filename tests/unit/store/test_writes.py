"""Who may write what, read off the source: rules that no type can hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import authsome
from authsome.store import tables

SOURCE = Path(authsome.__file__).parent
QUIET = {
    (
        "auth_session/come_back.py",
        "a provider's answer, taken once: what comes of it is the fact, and has its event",
    ),
    (
        "auth_session/depart.py",
        "a person on the way to their provider: how it ends is the fact, and each end has its event",
    ),
    ("store/open.py", "the installation has no id, and so no events, before this row"),
    (
        "store/open.py",
        "the row has no id of its own to be named by: it is the version that the events here say",
    ),
    (
        "auth_session/oauth/show_code.py",
        "a code for a person to type: how it ends is the fact, and each end has its event",
    ),
    (
        "auth_session/oauth/poll.py",
        "how often a provider is asked about a code: bookkeeping of a session that goes on",
    ),
}
WRITES = {"insert", "update", "delete"}
# The rows of the registry, the log, and what takes from it: retention, which deletes what it has sealed, and
# erasure, which deletes what lies beside the log.
MAY_WRITE = {
    "store/rows/rows.py",
    "store/event_log.py",
    "store/forget.py",
    "store/sequencer.py",
    "store/migrate.py",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield str(path.relative_to(SOURCE)), ast.parse(path.read_text())


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_each_quiet_commit_is_listed_here_with_its_reason() -> None:
    found = {
        (name, call.args[0].value)
        for name, tree in modules()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "quiet"
        if isinstance(call.args[0], ast.Constant)
    }
    assert found == QUIET


def test_registry_tables_are_written_by_rows_and_nothing_else() -> None:
    """Every INSERT, UPDATE and DELETE on a registry table or the log, by the module that makes it."""
    registry = {table.name for table in (*tables.REGISTRY, *tables.LOG)}
    writers = {
        name
        for name, tree in modules()
        for call in calls(tree)
        if written_table(call, tables_of(tree)) in registry and name not in MAY_WRITE
    }
    assert writers <= {"analytics/retain.py"}


def written_table(call: ast.Call, tables_here: set[str]) -> str | None:
    """`registry.claim.update()` and `update(registry.claim)` write `claim`.

    `tables_here` are the names that the module imported from `store.tables`.
    """
    function = call.func
    target: ast.expr | None = None
    if isinstance(function, ast.Attribute) and function.attr in WRITES:
        target = function.value
    elif isinstance(function, ast.Name) and function.id in WRITES and call.args:
        target = call.args[-1]
    if isinstance(target, ast.Attribute) and last_name(target.value) in tables_here:
        return target.attr
    return target.id if isinstance(target, ast.Name) and target.id in tables_here else None


def tables_of(tree: ast.Module) -> set[str]:
    """Names that a module imports from the table definitions."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("authsome.store.tables")
        for alias in node.names
    }


def last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def test_the_finder_sees_both_spellings() -> None:
    for text in ("registry.claim.update().values(x=1)", "update(registry.claim)", "delete(claim)"):
        tree = ast.parse(f"from authsome.store.tables import registry, claim\n{text}")
        found = {written_table(call, tables_of(tree)) for call in calls(tree)}
        assert "claim" in found


def test_events_are_recorded_through_a_unit_of_work_only() -> None:
    """`Appender` is what puts facts into the log; only the unit of work's commit may call it."""
    callers = {
        name
        for name, tree in modules()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        if call.func.attr in ("append", "append_all") and last_name(call.func.value) == "appender"
    }
    assert callers == {"store/transactions.py"}
