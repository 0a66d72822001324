"""The product's source as the audit reads it: which function writes, records and calls what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "authsome"
TESTS = Path(__file__).resolve().parents[1]
NOUNS = tuple(
    "principal identity provider vault connection grant claim auth_session run erasure amendment".split()
)
WRITES = {"add", "remove", "set", "update"}
RECORDS = {"record", "record_at"}

Name = tuple[str, str]


@dataclass
class Function:
    """A function at the top of a module: what it does by itself, and which of ours it calls."""

    module: str
    name: str
    parameters: tuple[str, ...]
    writes: bool = False
    records: bool = False
    calls: set[Name] = field(default_factory=set)


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of these folders of the product (all of them, without any), by their dotted name."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if not folders or parts[0] in folders:
            yield ".".join(("authsome", *parts)), tree_of(path)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(*folders: str) -> dict[Name, Function]:
    """Every top-level function of these folders."""
    return {
        (one.module, one.name): one for module, tree in modules(*folders) for one in _functions(module, tree)
    }


def reaches(start: Function, known: dict[Name, Function], wanted: str) -> bool:
    """Whether the function, or one of ours that it calls, does what is `wanted`: writes or records."""
    seen: set[Name] = set()
    waiting = [start]
    while waiting:
        one = waiting.pop()
        if getattr(one, wanted):
            return True
        fresh = (one.calls & known.keys()) - seen
        seen |= fresh
        waiting += [known[name] for name in fresh]
    return False


def _functions(module: str, tree: ast.Module) -> Iterator[Function]:
    imported = {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _read(module, node, imported)


def _read(module: str, node: ast.FunctionDef | ast.AsyncFunctionDef, imported: dict[str, Name]) -> Function:
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    found = Function(module, node.name, tuple(one.arg for one in arguments))
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            found.calls.add(imported.get(inner.id, (module, inner.id)))
        elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            found.writes |= inner.func.attr in WRITES and _is_a_table(inner.func.value)
            found.records |= inner.func.attr in RECORDS
    return found


def _is_a_table(node: ast.expr) -> bool:
    """Whether the expression is `work.something`."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "work"
