"""What is printed: data on standard output, refusals on standard error, and nothing that draws by itself."""

from __future__ import annotations

import json

import pytest

from authsome.cli.main import run
from authsome.cli.output import moment, print_rows, printable
from authsome.cli.refusal import report
from authsome.identity.errors import IdentityUnclaimed


def test_a_pipe_gets_plain_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(("handle", "state"), [("brisk-amber-otter-4821", "claimed"), ("a", None)], empty="none")
    assert capsys.readouterr().out == "handle                  state\nbrisk-amber-otter-4821  claimed\na\n"


def test_an_empty_list_says_what_to_do_and_prints_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(("handle",), [], empty="run `authsome onboard`")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "run `authsome onboard`\n")


def test_what_others_wrote_cannot_redraw_the_terminal() -> None:
    assert printable("evil\x1b[2J\nlabel\u202e") == "evil�[2J�label�"


def test_a_refusal_names_the_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    report(IdentityUnclaimed(), as_json=False)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        f"authsome: {IdentityUnclaimed().detail}",
        f"    next: {IdentityUnclaimed.hint}",
    ]


def test_a_program_gets_refusals_as_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTHSOME_HOME", "/nonexistent/authsome")
    assert run(["whoami", "--json"]) == 5
    said = capsys.readouterr()
    assert said.out == ""
    assert json.loads(said.err)["error"] == "key_missing"


def test_json_after_the_two_dashes_is_the_commands_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTHSOME_HOME", "/nonexistent/authsome")
    assert run(["run", "--", "true", "--json"]) == 125
    assert capsys.readouterr().err.startswith("authsome: there is no key")


def test_times_are_shown_to_the_minute() -> None:
    assert moment("2026-11-22T10:15:30.123456Z") == "2026-11-22 10:15Z"
    assert moment(None) == ""
