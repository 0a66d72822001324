"""The shape check catches each thing it is for, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.shape import aliases, check_module, check_package, words

AVOID = {"account": "principal", "login_session": "auth session"}
DOCSTRING = '"""Doc."""\n'


def complaints(text: str, *, path: str = "src/authsome/claim/open.py") -> list[str]:
    return list(check_module(Path(path), text, avoid=AVOID))


def test_a_plain_module_is_left_alone() -> None:
    text = "def open_claim(work, caller, *, handle, kinds=(), label=None):\n    return work\n"
    assert complaints(text) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\n" * 301, "split it before 300"),
        ("def long():\n" + "    x = 1\n" * 40, "long has 41 lines"),
        ("# ---- Operations ----\n", "banner"),
        ("# ── Operations ──────\n", "banner"),
        ("# Operations =====\n", "banner"),
        ("x = 1  # TO" + "DO later\n", "unfinished"),
        ("raise NotImplemented" + "Error\n", "not implemented"),
        ("def f(a, b, c, d): ...\n", "f takes d by position"),
        ("class A:\n    def f(self, a, b, c, d): ...\n", "f takes d by position"),
        ("class A:\n    def __init__(self, a, b, c, d): ...\n", "__init__ takes d by position"),
        ("class ClaimManager: ...\n", "instead of 'manager'"),
        ("class BaseClaim: ...\n", "instead of 'base'"),
        ("try: ...\nexcept Exception: ...\n", "catches everything"),
        ("try: ...\nexcept: ...\n", "catches everything"),
        ("try: ...\nexcept (ValueError, BaseException) as e: ...\n", "catches everything"),
        ("try: ...\nexcept Exception:  # edge: convenience\n    ...\n", "catches everything"),
        ("with contextlib.suppress(Exception): ...\n", "catches everything"),
        ("monkeypatch.setattr(a, 'b', 1)\n", "patches"),
        ("from unittest import mock\n", "mocks"),
        ("from unittest.mock import patch\n", "mocks"),
        ("import unittest.mock\n", "mocks"),
        ("account_id = 1\n", "the glossary's word is principal"),
        ("class Accounts: ...\n", "the glossary's word is principal"),
        ("def f(login_session): ...\n", "the glossary's word is auth session"),
    ],
)
def test_it_names(text: str, says: str) -> None:
    found = complaints(text)
    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "try: ...\nexcept Exception:  # edge: sink\n    ...\n",
        "try: ...\nexcept Exception as error:  # edge: background task, must go on\n    ...\n",
        "try: ...\nexcept ValueError: ...\n",
        "def _private(a, b, c, d): ...\n",
        "@override\ndef log(a, b, c, d): ...\n",
        "class A:\n    def __exit__(self, kind, value, traceback, more): ...\n",
        "x = 1  # a - b, see §4 -- and --flag\n",
        "text = '# ------ not a comment ------'\n",
        "accountable = accounting.account(x)\n",
    ],
)
def test_it_lets_pass(text: str) -> None:
    assert complaints(text) == []


def test_a_docstring_does_not_count_as_length() -> None:
    doc = '    """Long.\n' + "    more\n" * 40 + '    """\n'
    assert complaints("def explained():\n" + doc + "    return 1\n") == []


def test_only_a_migration_may_have_a_long_function() -> None:
    text = "def upgrade():\n" + "    x = 1\n" * 50
    assert complaints(text, path="src/authsome/store/migrations/0001_house.py") == []
    assert len(complaints(text)) == 1


def test_a_vague_module_name_is_refused_everywhere() -> None:
    for path in ("src/authsome/claim/utils.py", "tests/unit/claim_helpers.py", "tools/service.py"):
        assert "vague" in complaints(DOCSTRING, path=path)[0]


def test_test_modules_may_be_longer_and_take_fixtures_by_position() -> None:
    text = "def test_it(a, b, c, d, account): ...\n" + "x = 1\n" * 399
    assert complaints(text, path="tests/unit/test_x.py") == []
    assert complaints(text + "y = 1\n", path="tests/unit/test_x.py") == ["1: 401 lines; split it before 400"]


def test_a_package_needs_a_docstring_and_few_modules(tmp_path: Path) -> None:
    for number in range(14):
        (tmp_path / f"verb{number}.py").touch()
    assert "needs an __init__.py" in next(check_package(tmp_path))
    (tmp_path / "__init__.py").write_text(DOCSTRING)
    assert list(check_package(tmp_path)) == []
    (tmp_path / "one_more.py").touch()
    assert "15 modules" in next(check_package(tmp_path))


def test_names_fall_into_the_same_words_in_either_case() -> None:
    assert words("HTTPServerId") == words("http_server_id") == ["http", "server", "id"]


def test_only_aliases_written_as_code_are_looked_for() -> None:
    table = "| word | meaning | avoid |\n|---|---|---|\n| **run** | One command. | `invocation`, job |\n"
    assert aliases(table) == {"invocation": "run"}
