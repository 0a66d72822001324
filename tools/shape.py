"""The shape check: what a reader may rely on in every file, with no list of exceptions.

Sizes are points to stop and split. A banner comment is a missing module, a `helpers` a missing
name, a broad `except` a swallowed failure. Three parameters by position are a use case's store, its
tool and its caller; more of them are told apart by name only. Words come from docs/glossary.md: an
alias written there as `code` may be part of no name in src.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "tools", "bench", "tests")
MODULE_LINES, TEST_MODULE_LINES, FUNCTION_LINES, PACKAGE_MODULES, POSITIONAL = 300, 400, 40, 14, 3
VAGUE = {"base", "common", "helper", "helpers", "manager", "misc", "service", "util", "utils"}
BANNER = re.compile(r"#\s*([-=~*#_+─━═])\1{2,}|#.*([-=~*#_+─━═])\2{3,}\s*$")
UNFINISHED = re.compile(r"#.*(\b(TODO|FIXME|XXX)\b|pragma: no cover)")
EDGE = re.compile(r"# edge: (request|command|background task|sink)\b")
BROAD = {"Exception", "BaseException"}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def words(name: str) -> list[str]:
    """`HTTPServerId` and `http_server_id` are the same three words."""
    return [word.lower() for word in WORD.findall(name)]


def aliases(glossary: str) -> dict[str, str]:
    """From the glossary's table: each alias written as code, and the word to use instead."""
    rows = (line.split("|") for line in glossary.splitlines() if line.count("|") >= 4)
    return {alias: row[1].strip(" *") for row in rows for alias in re.findall(r"`([a-z_]+)`", row[3])}


def check_module(path: Path, text: str, *, avoid: dict[str, str]) -> Iterator[str]:
    """Every complaint about one file, as `line: what`. `path` is relative to the repository."""
    tested = path.parts[0] == "tests"
    limit = TEST_MODULE_LINES if tested else MODULE_LINES
    lines = text.splitlines() or [""]
    if len(lines) > limit:
        yield f"1: {len(lines)} lines; split it before {limit}"
    yield from (f"1: {path.stem} is {complaint}" for complaint in _vague(path.stem))
    yield from _check_comments(text)
    for node in ast.walk(ast.parse(text)):
        line = getattr(node, "lineno", 1)
        complaints = [*_check_node(node, lines[line - 1])]
        # A migration (0001_….py) is one straight list of statements, frozen once it is released.
        if isinstance(node, Function) and not path.stem[:1].isdigit():
            complaints += _check_function(node, tested=tested)
        if path.parts[0] == "src":
            complaints += _check_words(node, avoid)
        yield from (f"{line}: {complaint}" for complaint in complaints)


def check_package(folder: Path) -> Iterator[str]:
    """Every complaint about one folder of the product."""
    modules = [path.name for path in folder.glob("[a-z]*.py")]
    if len(modules) > PACKAGE_MODULES:
        yield f"{len(modules)} modules; past {PACKAGE_MODULES} a folder holds more than one idea"
    yield from (f"{folder.name} is {complaint}" for complaint in _vague(folder.name))
    init = folder / "__init__.py"
    if not init.exists() or not ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))):
        yield "needs an __init__.py whose docstring says what is here and how to add to it"


def _check_comments(text: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and BANNER.match(token.string):
            yield f"{token.start[0]}: a banner comment stands where a module is missing"
        if token.type == tokenize.COMMENT and UNFINISHED.match(token.string):
            yield f"{token.start[0]}: unfinished or excused; finish it, or file it where it will be found"


def _check_node(node: ast.AST, line: str) -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        yield from (f"{node.name} is {complaint}" for complaint in _vague(node.name))
    if _is_broad(node) and not EDGE.search(line):
        yield "catches everything; only the edges may (`# edge: request`, command, background task, sink)"
    if isinstance(node, ast.Attribute) and node.attr == "setattr" and _name(node.value) == "monkeypatch":
        yield "patches; pass the real thing, or a simulator that passes the contract suite"
    if isinstance(node, ast.Import | ast.ImportFrom) and "unittest.mock" in ast.unparse(node).replace(
        "unittest import mock", "unittest.mock"
    ):
        yield "mocks; use the real thing, or a simulator that passes the contract suite"
    if isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node):
        yield "is not implemented; leave it out until it is"


def _check_function(node: Function, *, tested: bool) -> Iterator[str]:
    documented = ast.get_docstring(node) is not None
    start = (node.body[0].end_lineno or 0) + 1 if documented else node.lineno
    length = (node.end_lineno or 0) - start + 1
    if length > FUNCTION_LINES:
        yield f"{node.name} has {length} lines; split it before {FUNCTION_LINES}"
    positional = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]
    own = positional[positional[:1] in (["self"], ["cls"]) :]
    public = not node.name.startswith("_") or node.name == "__init__"
    # A method marked @override has the signature that a library asks for.
    foreign = any(_name(decorator) == "override" for decorator in node.decorator_list)
    if public and not tested and not foreign and len(own) > POSITIONAL:
        yield f"{node.name} takes {own[POSITIONAL]} by position; put `*` before it"


def _check_words(node: ast.AST, avoid: dict[str, str]) -> Iterator[str]:
    name = _introduced(node)
    spelled = f"_{'_'.join(words(name))}_"
    for alias, word in avoid.items():
        if f"_{alias}_" in spelled or f"_{alias}s_" in spelled:
            yield f"{name} says {alias}; the glossary's word is {word}"


def _introduced(node: ast.AST) -> str:
    """The name that this node gives to something of ours; libraries choose their own."""
    if isinstance(node, Function | ast.ClassDef):
        return node.name
    if isinstance(node, ast.arg):
        return node.arg
    return node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else ""


def _vague(name: str) -> Iterator[str]:
    yield from (f"vague: name what it does instead of {word!r}" for word in words(name) if word in VAGUE)


def _is_broad(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _name(node.func) == "suppress" and any(_name(arg) in BROAD for arg in node.args)
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(one is None or _name(one) in BROAD for one in caught)


def _name(node: ast.AST | None) -> str:
    name = getattr(node, "attr", None) or getattr(node, "id", "")
    return str(name)


def complaints(root: Path) -> Iterable[str]:
    """Everything that is wrong below `root`, one line each, clickable."""
    avoid = aliases((root / "docs/glossary.md").read_text(encoding="utf-8"))
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py")):
        inside = path.relative_to(root)
        yield from (
            f"{inside}:{text}" for text in check_module(inside, path.read_text(encoding="utf-8"), avoid=avoid)
        )
    for folder in sorted({path.parent for path in (root / "src/authsome").rglob("[!0-9]*.py")}):
        yield from (f"{folder.relative_to(root)}: {text}" for text in check_package(folder))


if __name__ == "__main__":
    found = list(complaints(ROOT))
    print("\n".join(found))
    sys.exit(1 if found else 0)
