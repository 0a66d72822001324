"""Run HogQL without PostHog: its own parser, and the few words that our queries use, spelled in SQLite.

It is far from all of HogQL. What it does not know it refuses, so a query that begins to use more makes a
test fail instead of passing unread.
"""

from __future__ import annotations

import functools
import json
import sqlite3
import sys
import types
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from authsome.kit.clock import from_micros, to_micros

Node = dict[str, Any]
COMPARISONS = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
COLUMNS = {"event", "timestamp", "distinct_id", "uuid"}
PLAIN = {"min": "min", "sum": "sum", "coalesce": "coalesce", "nullIf": "nullif", "round": "round"}


@functools.cache  # the first look at a grammar is slow
def parse(query: str) -> Node:
    """The query's tree, by PostHog's own parser. Raises `SyntaxError`; it only looks at the grammar."""
    tree: Node = json.loads(_parser()(query))
    if tree.get("error"):
        raise SyntaxError(f"{tree['message']} at {tree['start']['offset']} in {query!r}")
    return tree


def walk(tree: Any) -> list[Node]:
    """Every node below, the tree itself first."""
    found = [tree] if isinstance(tree, dict) and "node" in tree else []
    inside = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else []
    return found + [node for child in inside for node in walk(child)]


class Project:
    """A PostHog project's events, as rows that may be there twice."""

    def __init__(self, events: Sequence[Node], zone: ZoneInfo, now: datetime) -> None:
        """`events` have `event`, `timestamp` (a datetime), `uuid`, `properties`, maybe a `distinct_id`."""
        self._zone, self._now = zone, now
        self._database = sqlite3.connect(":memory:")
        self._database.create_function("start_of_day", 1, self._start_of_day, deterministic=True)
        self._database.execute("CREATE TABLE events (event, timestamp, uuid, distinct_id, properties)")
        rows = [
            (
                e["event"],
                to_micros(e["timestamp"]),
                e["uuid"],
                e.get("distinct_id", ""),
                json.dumps(e["properties"]),
            )
            for e in events
        ]
        self._database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", rows)

    def run(self, query: str, *, since: date | None = None) -> list[tuple[Any, ...]]:
        """The query's rows; `{filters}` is the days from `since` on."""
        filters = "1" if since is None else f"start_of_day(timestamp) >= '{since.isoformat()}'"
        return self._database.execute(to_sqlite(parse(query), filters, to_micros(self._now))).fetchall()

    def _start_of_day(self, micros: int) -> str:
        return from_micros(micros).astimezone(self._zone).date().isoformat()


def to_sqlite(tree: Node, filters: str, now: int) -> str:
    """The same query for SQLite."""

    def write(node: Node) -> str:
        kind = node["node"]
        if kind not in writers:
            raise NotImplementedKind(kind)
        return writers[kind](node, write)

    def placeholder(node: Node, _write: Write) -> str:
        if node["expr"]["chain"] != ["filters"]:
            raise NotImplementedKind(str(node["expr"]["chain"]))
        return f"({filters})"

    def call(node: Node, write: Write) -> str:
        return str(now) if node["name"] == "now" else _call(node, write)

    writers: dict[str, Callable[[Node, Write], str]] = {
        **_WRITERS,
        "Placeholder": placeholder,
        "Call": call,
    }
    return write(tree)


class NotImplementedKind(Exception):
    """Something that our queries did not use when this was written."""


Write = Callable[[Node], str]


def _select(node: Node, write: Write) -> str:
    parts = ["SELECT " + ", ".join(map(write, node["select"]))]
    if node.get("select_from"):
        parts.append("FROM " + write(node["select_from"]))
    if node.get("where"):
        parts.append("WHERE " + write(node["where"]))
    if node.get("group_by"):
        parts.append("GROUP BY " + ", ".join(map(write, node["group_by"])))
    if node.get("order_by"):
        parts.append("ORDER BY " + ", ".join(map(write, node["order_by"])))
    if node.get("limit"):
        parts.append("LIMIT " + write(node["limit"]))
    return " ".join(parts)


def _from(node: Node, write: Write) -> str:
    table = node["table"]
    return f"({write(table)})" if table["node"] == "SelectQuery" else ".".join(table["chain"])


def _field(node: Node, _write: Write) -> str:
    chain = node["chain"]
    return f"json_extract(properties, '$.{chain[1]}')" if chain[0] == "properties" else f'"{chain[0]}"'


def _constant(node: Node, _write: Write) -> str:
    value = node.get("value")
    return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)


def _compare(node: Node, write: Write) -> str:
    left, right = write(node["left"]), write(node["right"])
    if node["op"] in ("in", "not in"):
        listed = f"({right})" if node["right"]["node"] == "SelectQuery" else right
        return f"{left} {node['op'].upper()} {listed}"
    if right == "NULL":
        return f"{left} IS {'NOT ' if node['op'] == '!=' else ''}NULL"
    return f"({left} {COMPARISONS[node['op']]} {right})"


def _arithmetic(node: Node, write: Write) -> str:
    # ClickHouse divides integers into a fraction.
    left = f"CAST({write(node['left'])} AS REAL)" if node["op"] == "/" else write(node["left"])
    return f"({left} {node['op']} {write(node['right'])})"


def _call(node: Node, write: Write) -> str:
    name, args = node["name"], [write(arg) for arg in node["args"]]
    if name == "count" and not args:
        return "count(*)"
    if name == "count" and node["distinct"]:
        return f"count(DISTINCT {args[0]})"
    if name == "uniqExactIf":
        return f"count(DISTINCT CASE WHEN {args[1]} THEN {args[0]} END)"
    if name == "toStartOfDay":
        return f"start_of_day({args[0]})"
    if name == "toIntervalDay":
        return f"({args[0]} * {timedelta(days=1) // timedelta(microseconds=1)})"
    if name in PLAIN:
        return f"{PLAIN[name]}({', '.join(args)})"
    raise NotImplementedKind(name)


def _window(node: Node, write: Write) -> str:
    order = ", ".join(map(write, node["over_expr"]["order_by"]))
    return f"{PLAIN[node['name']]}({', '.join(map(write, node['exprs']))}) OVER (ORDER BY {order})"


_WRITERS: dict[str, Callable[[Node, Write], str]] = {
    "SelectQuery": _select,
    "JoinExpr": _from,
    "Field": _field,
    "Constant": _constant,
    "CompareOperation": _compare,
    "ArithmeticOperation": _arithmetic,
    "WindowFunction": _window,
    "Alias": lambda node, write: f'{write(node["expr"])} AS "{node["alias"]}"',
    "And": lambda node, write: "(" + " AND ".join(map(write, node["exprs"])) + ")",
    "Tuple": lambda node, write: "(" + ", ".join(map(write, node["exprs"])) + ")",
    "OrderExpr": lambda node, write: f"{write(node['expr'])} {node['order']}",
}


def _parser() -> Callable[[str], str]:
    """The parser is compiled for use inside PostHog: it wants a `posthog.hogql` with error classes to import.

    PostHog's client library has the same package name, so it is imported first where it is installed.
    """
    if "hogql_parser" not in sys.modules:
        import posthog  # noqa: F401

        errors = types.ModuleType("posthog.hogql.errors")
        for name in (
            "BaseHogQLError ExposedHogQLError InternalHogQLError SyntaxError ParsingError QueryError".split()
        ):
            setattr(errors, name, type(name, (Exception,), {}))
        setattr(errors, "NotImplementedError", type("NotImplementedError", (Exception,), {}))  # noqa: B010
        package = types.ModuleType("posthog.hogql")
        package.__path__ = []
        sys.modules.update({"posthog.hogql": package, "posthog.hogql.errors": errors})
        for name in ("ast", "base"):
            sys.modules[f"posthog.hogql.{name}"] = types.ModuleType(f"posthog.hogql.{name}")
    import hogql_parser

    found: Callable[[str], str] = hogql_parser.parse_select_json
    return found
