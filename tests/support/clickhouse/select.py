"""A whole HogQL query as ClickHouse's, with what PostHog adds to each: the project, limits, settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.clickhouse.expressions import WRITERS
from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Node, Scope, Setting, Source, Written, quoted

DEFAULT_ROWS, MOST_ROWS = 100, 50_000  # posthog/hogql/constants.py; without a limit the API stops early

# Those of HogQLGlobalSettings that can change an answer. With the first, NULL is in a list that holds NULL.
SETTINGS = {
    "transform_null_in": 1,
    "optimize_min_equality_disjunction_chain_length": 4294967295,
    "readonly": 2,
    "max_execution_time": 60,
}
UNKNOWN = (
    "prewhere",
    "qualify",
    "array_join_op",
    "limit_by",
    "window_exprs",
    "settings",
    "offset",
    "view_name",
)


def to_clickhouse(tree: Node, setting: Setting) -> str:
    """The query's SQL. Raises `HogqlRefused`."""
    settings = ", ".join(f"{name}={value}" for name, value in SETTINGS.items())
    return f"{_Printer(setting).whole(tree)} SETTINGS {settings}"


@dataclass
class _Printer:
    setting: Setting
    scopes: list[Scope] = field(default_factory=list)
    ctes: dict[str, dict[str, str]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)  # of the SELECT that was written last

    @property
    def scope(self) -> Scope:
        return self.scopes[-1]

    def write(self, node: Node) -> Written:
        if node["node"] not in WRITERS:
            raise HogqlRefused(node["node"])
        return WRITERS[node["node"]](node, self)

    def whole(self, tree: Node) -> str:
        """The outermost query: what is not limited is, and what is limited too high is cut."""
        limit = (tree.get("limit") or {}).get("value", DEFAULT_ROWS)
        return f"{self.select(tree | {'limit': None})} LIMIT {min(limit, MOST_ROWS)}"

    def select(self, node: Node) -> str:
        if node["node"] == "SelectSetQuery":
            return self._set(node)
        asked = [name for name in UNKNOWN if node.get(name)]
        if asked:
            raise HogqlRefused(f"{', '.join(asked)} in a SELECT")
        with_ = self._ctes(node)
        self.scopes.append(Scope())
        parts = [with_, self._select(node)]
        self.scopes.pop()
        return " ".join(part for part in parts if part)

    def _select(self, node: Node) -> str:
        # In the order in which names become known: a column's new name from there on.
        source, guard = self._from(node["select_from"]) if node.get("select_from") else ("", [])
        listed = [self._column(column) for column in node["select"]]
        kept = [*guard, *([self.write(node["where"]).sql] if node.get("where") else [])]
        columns = {name: written.kind for name, written in listed}
        parts = [
            f"SELECT {'DISTINCT ' if node.get('distinct') else ''}{', '.join(w.sql for _, w in listed)}",
            source,
            f"WHERE {_all(kept)}" if kept else "",
            self._listed("GROUP BY", node.get("group_by")),
            f"HAVING {self.write(node['having']).sql}" if node.get("having") else "",
            self._listed("ORDER BY", node.get("order_by")),
            f"LIMIT {self.write(node['limit']).sql}" if node.get("limit") else "",
        ]
        self.columns = columns
        return " ".join(part for part in parts if part)

    def _listed(self, words: str, nodes: list[Node] | None) -> str:
        return f"{words} {', '.join(self.write(one).sql for one in nodes)}" if nodes else ""

    def _column(self, node: Node) -> tuple[str, Written]:
        """The name under which the column is known outside, and its text."""
        if node["node"] == "Alias":
            return node["alias"], self.write(node)
        written = self.write(node)
        if node["node"] != "Field":
            return written.sql, written
        name = str(node["chain"][-1])
        if name == "*":
            raise HogqlRefused("SELECT *")
        return name, Written(f"{written.sql} AS {quoted(name)}", written.kind, written.null)

    def _from(self, node: Node) -> tuple[str, list[str]]:
        """The text behind FROM, and the condition that keeps each table to the project's own rows."""
        words, guard = "FROM", []
        parts = []
        joined: Node | None = node
        while joined:
            if joined.get("sample") or joined.get("table_final") or joined.get("column_aliases"):
                raise HogqlRefused("SAMPLE, FINAL or named columns behind FROM")
            written, source = self._table(joined)
            self.scope.sources.append(source)
            own = [f"equals({quoted(source.name)}.team_id, {self.setting.team})"] * (source.columns is None)
            constraint = joined.get("constraint")
            if constraint:
                on = [*own, self._on(constraint["expr"])]
                written += f" {constraint['constraint_type']} {_all(on)}"
            else:
                guard += own
            parts.append(f"{joined.get('join_type') or words} {written}")
            joined = joined.get("next_join")
        return " ".join(parts), guard

    def _on(self, node: Node) -> str:
        """A condition of a join, of columns on both sides, is printed without any care for NULL."""
        if node["node"] == "And":
            return _all([self._on(one) for one in node["exprs"]])
        if node["node"] != "CompareOperation" or node["op"] != "==":
            raise HogqlRefused("a join on something that is not equal")
        return f"equals({self.write(node['left']).sql}, {self.write(node['right']).sql})"

    def _table(self, node: Node) -> tuple[str, Source]:
        table, alias = node["table"], node.get("alias")
        if table["node"] in ("SelectQuery", "SelectSetQuery"):
            inner = self.select(table)
            named = f" AS {quoted(alias)}" if alias else ""
            return f"({inner}){named}", Source(alias or "", dict(self.columns))
        (name,) = table["chain"]
        if name in self.ctes:
            return f"{quoted(name)} AS {quoted(alias or name)}", Source(alias or name, self.ctes[name])
        if name != "events":
            raise HogqlRefused(f"the table {name}")
        return f"events AS {quoted(alias or name)}", Source(alias or name)

    def _set(self, node: Node) -> str:
        written = [self.select(node["initial_select_query"])]
        columns = self.columns
        for more in node["subsequent_select_queries"]:
            if more["set_operator"] != "UNION ALL":
                raise HogqlRefused(more["set_operator"])
            written += ["UNION ALL", self.select(more["select_query"])]
        self.columns = columns
        return " ".join(written)

    def _ctes(self, node: Node) -> str:
        written = []
        for cte in node.get("ctes") or []:
            if cte["cte_type"] != "subquery" or cte.get("columns"):
                raise HogqlRefused(f"WITH {cte['name']}")
            written.append(f"{quoted(cte['name'])} AS ({self.select(cte['expr'])})")
            self.ctes[cte["name"]] = dict(self.columns)
        return f"WITH {', '.join(written)}" if written else ""


def _all(conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"and({', '.join(conditions)})"
