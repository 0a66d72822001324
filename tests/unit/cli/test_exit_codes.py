"""Exit codes: one for every kind of refusal, explained, and none taken twice."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from authsome.cli.exit_codes import (
    DIFFERS,
    EXIT_CODES,
    INTERRUPTED,
    MEANINGS,
    OK,
    RUN_FAILED,
    RUN_NOT_EXECUTABLE,
    RUN_NOT_FOUND,
    explain,
)
from authsome.cli.main import run
from authsome.cli.refusal import exit_code_of, report
from authsome.client.errors import ClientError
from authsome.kit.errors import REGISTERED, Kind
from tools.reference.modules import import_all


def test_every_kind_has_an_exit_code_of_its_own() -> None:
    assert set(EXIT_CODES) == set(Kind)
    codes = [OK, *EXIT_CODES.values(), RUN_FAILED, RUN_NOT_EXECUTABLE, RUN_NOT_FOUND, INTERRUPTED]
    assert len(set(codes)) == len(codes)


def test_every_exit_code_is_explained_in_the_help() -> None:
    assert set(MEANINGS) == {OK, *EXIT_CODES.values(), DIFFERS, INTERRUPTED}
    for code in MEANINGS:
        assert f"  {code} " in explain()


def test_every_error_there_is_has_an_exit_code_and_a_next_step() -> None:
    import_all()
    assert len(REGISTERED) > 20
    for error in REGISTERED.values():
        assert exit_code_of(error()) == EXIT_CODES[error.kind]
        assert error().next_step, error.code


@pytest.mark.parametrize("kind", Kind)
def test_a_servers_refusal_exits_like_our_own(kind: Kind) -> None:
    assert exit_code_of(ClientError("no", code="c", kind=kind, hint="h")) == EXIT_CODES[kind]


def test_a_malformed_command_exits_as_invalid() -> None:
    assert exit_code_of(click.UsageError("what?")) == EXIT_CODES[Kind.INVALID]


def test_a_mistake_of_ours_exits_as_broken() -> None:
    assert exit_code_of(ZeroDivisionError()) == EXIT_CODES[Kind.BROKEN]


def test_a_file_that_cannot_be_used_is_named_and_no_mistake_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError) as caught:
        (tmp_path / "file" / "below").mkdir()
    assert exit_code_of(caught.value) == EXIT_CODES[Kind.INVALID]
    report(caught.value, as_json=False)
    said = capsys.readouterr().err
    assert str(tmp_path) in said
    assert "next:" in said
    assert "Traceback" not in said
    assert exit_code_of(OSError("without a file")) == EXIT_CODES[Kind.BROKEN]


@pytest.mark.parametrize("line", [["--help"], ["--version"], ["up", "--help"], ["connections", "add", "-h"]])
def test_help_exits_with_zero(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line) == 0
    assert capsys.readouterr().out
