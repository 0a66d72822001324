"""What a name in a query means: a column of the events, of a query below, or another column's name.

Columns are those of posthog/hogql/database/schema/events.py; how a property is read is `visit_property_type`
of posthog/hogql/printer, how it is cast is posthog/hogql/transforms/property_types.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.support.clickhouse.refused import HogqlRefused

Node = dict[str, Any]

# With their kinds; none of them is ever NULL.
COLUMNS = {
    "uuid": "uuid",
    "event": "string",
    "timestamp": "datetime",
    "created_at": "datetime",
    "distinct_id": "string",
    "person_id": "uuid",
    "person_mode": "string",
    "properties": "string",
    "$group_0": "string",
}


@dataclass(frozen=True)
class Setting:
    """The project that a query is printed for, and the moment at which it runs.

    `types` are the property definitions, as far as PostHog has come to making them. `filters` is what takes
    the place of `{filters}`, as a tree.
    """

    zone: str
    now: datetime
    team: int = 1
    weeks_from_monday: bool = False
    types: Mapping[str, str] = field(default_factory=dict)
    filters: Node | None = None


@dataclass(frozen=True)
class Written:
    """A piece of SQL, what kind of value HogQL takes it for, and whether it may be NULL for all it knows."""

    sql: str
    kind: str = "unknown"
    null: bool = True


@dataclass(frozen=True)
class Source:
    """What stands behind FROM. `columns` is None for the events, else those of a query, with their kinds."""

    name: str
    columns: dict[str, str] | None = None


@dataclass
class Scope:
    """The names that one SELECT knows so far."""

    sources: list[Source] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)

    def read(self, chain: list[str | int], setting: Setting) -> Written:
        """The column that the chain names. A column's new name goes before the column."""
        first = str(chain[0])
        if len(chain) == 1 and first in self.arguments:
            return Written(quoted(first))
        if len(chain) == 1 and first in self.aliases:
            return Written(quoted(first), self.aliases[first])
        for source in self.sources:
            if first == source.name and len(chain) > 1:
                return _column(source, chain[1:], setting)
        having = [source for source in self.sources if _has(source, first)]
        if len(having) != 1:
            raise HogqlRefused(f"{len(having)} tables have the column {first}")
        return _column(having[0], chain, setting)


def property_of(column: str, name: str, setting: Setting) -> Written:
    """A property as text, and cast where there is a definition that says more."""
    raw = f"JSONExtractRaw({column}, {text(name)})"
    read = f"replaceRegexpAll(nullIf(nullIf({raw}, ''), 'null'), '^\"|\"$', '')"
    match setting.types.get(name, "String"):
        case "Numeric":
            return Written(f"accurateCastOrNull({read}, 'Float64')", "number")
        case "Boolean":
            return Written(f"toBool(transform(toString({read}), ['true', 'false'], [1, 0], NULL))", "boolean")
        case "DateTime":
            zone = text(setting.zone)
            return Written(f"parseDateTime64BestEffortOrNull({read}, 6, {zone})", "datetime")
        case _:
            return Written(read, "string")


def text(value: str) -> str:
    """A string in ClickHouse's spelling."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def quoted(name: str) -> str:
    """A name in ClickHouse's spelling."""
    if "`" in name or "\\" in name:
        raise HogqlRefused(f"a name with {name!r}")
    return f"`{name}`"


def _has(source: Source, name: str) -> bool:
    if source.columns is None:
        return name in COLUMNS or name == "person"
    return name in source.columns


def _column(source: Source, chain: list[str | int], setting: Setting) -> Written:
    name, rest = str(chain[0]), chain[1:]
    if not _has(source, name):
        raise HogqlRefused(f"{source.name} has no column {name}")
    if source.columns is not None:
        if rest:
            raise HogqlRefused(f"{name} of {source.name} has no fields")
        column = f"{quoted(source.name)}.{quoted(name)}" if source.name else quoted(name)
        return Written(column, source.columns[name])
    return _of_events(quoted(source.name), name, rest, setting)


def _of_events(table: str, name: str, rest: list[str | int], setting: Setting) -> Written:
    match name, rest:
        case "properties", [key]:
            return property_of(f"{table}.properties", str(key), setting)
        case "person", ["id"]:
            return Written(f"{table}.person_id", "uuid", null=False)
        case "person", ["properties", key]:
            return property_of(f"{table}.person_properties", str(key), setting)
        case _ if rest or name == "person":
            raise HogqlRefused(f"no field {'.'.join(map(str, [name, *rest]))}")
    if COLUMNS[name] == "datetime":
        return Written(f"toTimeZone({table}.{quoted(name)}, {text(setting.zone)})", "datetime", null=False)
    return Written(f"{table}.{quoted(name)}", COLUMNS[name], null=False)
