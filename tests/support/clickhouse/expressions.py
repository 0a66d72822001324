"""HogQL's expressions as ClickHouse's, as posthog/hogql/printer/{base,clickhouse}.py print them.

What differs from reading the text as SQL: a comparison is never NULL (`!=` holds for what is missing, every
other does not), a time is of the project's zone, and a function is one of HogQL's list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from tests.support.clickhouse import functions
from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Node, Scope, Setting, Written, quoted, text

OPERATORS = {
    "==": "equals",
    "!=": "notEquals",
    "<": "less",
    "<=": "lessOrEquals",
    ">": "greater",
    ">=": "greaterOrEquals",
    "in": "in",
    "not in": "notIn",
    "like": "like",
    "not like": "notLike",
}
ARITHMETIC = {"+": "plus", "-": "minus", "*": "multiply", "/": "divide", "%": "modulo"}

# Kinds that HogQL knows of a result; of all others it knows nothing, and converts them as if they were text.
KINDS = {
    **dict.fromkeys(
        ("toStartOfDay", "toStartOfHour", "toStartOfInterval", "toTimeZone", "now", "toDateTime"), "datetime"
    ),
    **dict.fromkeys(("toStartOfWeek", "toStartOfMonth", "toDate"), "date"),
    **dict.fromkeys(("addDays", "coalesce", "ifNull", "nullIf", "assumeNotNull", "toNullable"), "first"),
}


class Printer(Protocol):
    """What writes a whole query, and knows where in it we are."""

    setting: Setting

    @property
    def scope(self) -> Scope: ...

    def write(self, node: Node) -> Written: ...

    def select(self, node: Node) -> str: ...


Writer = Callable[[Node, Printer], Written]


def moment(value: datetime, zone: str) -> str:
    """A moment as the printer spells a constant one."""
    local = value.astimezone(ZoneInfo(zone))
    return f"toDateTime64('{local:%Y-%m-%d %H:%M:%S.%f}', 6, {text(zone)})"


def _constant(node: Node, printer: Printer) -> Written:
    value = node.get("value")
    match value:
        case None:
            return Written("NULL", "null")
        case bool():
            return Written("true" if value else "false", "boolean", null=False)
        case datetime():
            return Written(moment(value, printer.setting.zone), "datetime", null=False)
        case str():
            return Written(text(value), "string", null=False)
        case int() | float():
            return Written(repr(value), "number", null=False)
    raise HogqlRefused(f"the constant {value!r}")


def _field(node: Node, printer: Printer) -> Written:
    return printer.scope.read(node["chain"], printer.setting)


def _array_access(node: Node, printer: Printer) -> Written:
    array, index = node["array"], node["property"]
    if array["node"] == "Field" and array["chain"][-1] == "properties" and index["node"] == "Constant":
        return _field({"chain": [*array["chain"], index["value"]]}, printer)
    return Written(f"{printer.write(array).sql}[{printer.write(index).sql}]")


def _alias(node: Node, printer: Printer) -> Written:
    inside = printer.write(node["expr"])
    printer.scope.aliases[node["alias"]] = inside.kind
    return Written(f"{inside.sql} AS {quoted(node['alias'])}", inside.kind, inside.null)


def _compare(node: Node, printer: Printer) -> Written:
    if node["op"] not in OPERATORS:
        raise HogqlRefused(f"the operator {node['op']}")
    if node["right"]["node"] in ("SelectQuery", "SelectSetQuery"):
        left, right = printer.write(node["left"]), Written(f"({printer.select(node['right'])})")
    else:
        left, right = printer.write(node["left"]), printer.write(node["right"])
    compared = f"{OPERATORS[node['op']]}({left.sql}, {right.sql})"
    if node["op"] in ("in", "not in"):
        return Written(compared, "boolean")
    return Written(_never_null(compared, node, (left, right)), "boolean", null=False)


def _never_null(compared: str, node: Node, sides: tuple[Written, Written]) -> str:
    left, right = sides
    # Around a bare timestamp nothing is wrapped, for it would keep ClickHouse from using its index.
    indexed = any("toTimeZone(" in side.sql and ".`timestamp`" in side.sql for side in sides)
    if indexed or not (left.null or right.null):
        return compared
    op, missing = node["op"], node["op"] in ("!=", "not like")
    for one, other in ((node["right"], left), (node["left"], right)):
        if one["node"] == "Constant":
            if one.get("value") is None and op in ("==", "!="):
                return f"isNotNull({other.sql})" if op == "!=" else f"isNull({other.sql})"
            return f"ifNull({compared}, {int(missing)})"
    if op in ("==", "like"):
        return f"ifNull({compared}, isNull({left.sql}) and isNull({right.sql}))"
    if missing:
        return f"ifNull({compared}, isNotNull({left.sql}) or isNotNull({right.sql}))"
    return f"ifNull({compared}, 0)"


def _between(node: Node, printer: Printer) -> Written:
    tested, low, high = (printer.write(node[part]) for part in ("expr", "low", "high"))
    op = f"{tested.sql}{' NOT' if node['negated'] else ''} BETWEEN {low.sql} AND {high.sql}"
    return Written(f"ifNull({op}, 0)" if tested.null or low.null or high.null else op, "boolean", null=False)


def _arithmetic(node: Node, printer: Printer) -> Written:
    left, right = printer.write(node["left"]), printer.write(node["right"])
    kind = left.kind if left.kind in ("datetime", "date") and right.kind == "interval" else "unknown"
    return Written(f"{ARITHMETIC[node['op']]}({left.sql}, {right.sql})", kind)


def _logic(name: str) -> Writer:
    def write(node: Node, printer: Printer) -> Written:
        return Written(f"{name}({', '.join(printer.write(one).sql for one in node['exprs'])})", "boolean")

    return write


def _not(node: Node, printer: Printer) -> Written:
    return Written(f"not({printer.write(node['expr']).sql})", "boolean")


def _tuple(node: Node, printer: Printer) -> Written:
    return Written(f"tuple({', '.join(printer.write(one).sql for one in node['exprs'])})")


def _array(node: Node, printer: Printer) -> Written:
    return Written(f"[{', '.join(printer.write(one).sql for one in node['exprs'])}]")


def _tuple_access(node: Node, printer: Printer) -> Written:
    return Written(f"({printer.write(node['tuple']).sql}).{int(node['index'])}")


def _lambda(node: Node, printer: Printer) -> Written:
    names = [str(name) for name in node["args"]]
    printer.scope.arguments += names
    inside = printer.write(node["expr"])
    del printer.scope.arguments[-len(names) :]
    return Written(f"({', '.join(map(quoted, names))}) -> {inside.sql}")


def _call(node: Node, printer: Printer) -> Written:
    name, given, params = node["name"], node["args"], node.get("params") or []
    if node.get("filter_expr") or node.get("order_by"):
        raise HogqlRefused(f"FILTER or ORDER BY in {name}")
    if name in functions.COMPARISONS and len(given) == 2:
        left, right = given
        return _compare({"op": functions.COMPARISONS[name], "left": left, "right": right}, printer)
    function = functions.find(name, len(given), len(params))
    args = [printer.write(one) for one in given]
    written, clickhouse = [arg.sql for arg in args], function.clickhouse
    if function.suffix:
        written.append(function.suffix)
    if function.clickhouse == "now64":
        return Written(moment(printer.setting.now, printer.setting.zone), "datetime", null=False)
    if function.clickhouse == "toDateOrNull" and args[0].kind in ("datetime", "date"):
        clickhouse = "toDate"
    if function.zoned and len(given) < function.most:
        clickhouse = _parsed(given[0], args[0], clickhouse)
        # Those that parse take how exact they are before the zone.
        written += (["6"] if "64" in clickhouse else []) + [text(printer.setting.zone)]
    if name == "toStartOfWeek" and len(given) == 1:
        written.append("3" if printer.setting.weeks_from_monday else "0")
    told = f"({', '.join(printer.write(one).sql for one in params)})" if params else ""
    distinct = "DISTINCT " if node.get("distinct") else ""
    kind = KINDS.get(name, "interval" if name.startswith("toInterval") else "unknown")
    return Written(
        f"{clickhouse}{told}({distinct}{', '.join(written)})", args[0].kind if kind == "first" else kind
    )


def _parsed(given: Node, arg: Written, clickhouse: str) -> str:
    """By what `toDateTime` becomes a time: what is text is parsed, and a plain constant without parsing."""
    if clickhouse != "parseDateTime64BestEffortOrNull":
        return clickhouse
    if arg.kind in ("datetime", "date", "number"):
        return "toDateTime"
    if given["node"] != "Constant":
        return clickhouse
    if re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?", given["value"]):
        return "toDateTime"
    exact = re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6}", given["value"])
    return "toDateTime64" if exact else "parseDateTime64BestEffort"


def _window(node: Node, printer: Printer) -> Written:
    name, over = node["name"], node["over_expr"]
    if name not in functions.WINDOW or over is None or over.get("frame_start") or over.get("frame_end"):
        raise HogqlRefused(f"the window of {name}")
    given = ", ".join(printer.write(one).sql for one in node.get("exprs") or [])
    parts = []
    for words, key in (("PARTITION BY", "partition_by"), ("ORDER BY", "order_by")):
        if over.get(key):
            parts.append(f"{words} {', '.join(printer.write(one).sql for one in over[key])}")
    return Written(f"{name}({given}) OVER ({' '.join(parts)})")


def _order(node: Node, printer: Printer) -> Written:
    return Written(f"{printer.write(node['expr']).sql} {node['order']}")


def _placeholder(node: Node, printer: Printer) -> Written:
    if node["expr"].get("chain") != ["filters"]:
        raise HogqlRefused(f"the placeholder {node['expr'].get('chain')}")
    if not any(source.columns is None for source in printer.scope.sources):
        raise HogqlRefused("{filters} in a SELECT that is not from events")
    return (
        Written("true", "boolean")
        if printer.setting.filters is None
        else printer.write(printer.setting.filters)
    )


def _scalar(node: Node, printer: Printer) -> Written:
    return Written(f"({printer.select(node)})")


WRITERS: dict[str, Writer] = {
    "Alias": _alias,
    "And": _logic("and"),
    "ArithmeticOperation": _arithmetic,
    "Array": _array,
    "ArrayAccess": _array_access,
    "BetweenExpr": _between,
    "Call": _call,
    "CompareOperation": _compare,
    "Constant": _constant,
    "Field": _field,
    "Lambda": _lambda,
    "Not": _not,
    "Or": _logic("or"),
    "OrderExpr": _order,
    "Placeholder": _placeholder,
    "SelectQuery": _scalar,
    "SelectSetQuery": _scalar,
    "Tuple": _tuple,
    "TupleAccess": _tuple_access,
    "WindowFunction": _window,
}
