"""`make check` runs everything, shows what failed, and fails when something did."""

from __future__ import annotations

import sys

import pytest

from tools.check import run

PASSING = [sys.executable, "-c", "print('fine')"]
FAILING = [sys.executable, "-c", "import sys; print('the reason'); sys.exit(1)"]


def test_a_failure_is_shown_and_the_rest_still_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run({"first": FAILING, "second": PASSING}) == 1
    printed = capsys.readouterr().out
    assert "the reason" in printed
    assert "second" in printed
    assert "1 of 2 checks hold" in printed


def test_what_passes_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    assert run({"only": PASSING}) == 0
    assert "fine" not in capsys.readouterr().out
