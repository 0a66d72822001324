"""Without a browser its tests are skipped loudly, or refused where the skip is forbidden."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite with this one's settings, one test with a browser and one without."""
    (tmp_path / "tests/browser").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "tests/conftest.py", tmp_path / "tests")
    (tmp_path / "tests/browser/test_page.py").write_text("def test_page(chromium): pass\n")
    (tmp_path / "tests/test_plain.py").write_text("def test_plain(): pass\n")
    return tmp_path


def run(suite: Path, *, required: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(suite), "AUTHSOME_REQUIRE_BROWSER": required}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=suite, env=environment, capture_output=True, text=True)


def test_the_skip_is_loud_and_the_rest_runs(suite: Path) -> None:
    result = run(suite, required="0")
    assert result.returncode == 0
    assert "1 passed, 1 skipped" in result.stdout
    assert "1 BROWSER TESTS SKIPPED" in result.stdout
    assert "apt-get install chromium" in result.stdout


def test_where_a_browser_is_required_its_absence_fails_the_run(suite: Path) -> None:
    result = run(suite, required="1")
    assert result.returncode != 0
    assert "apt-get install chromium" in result.stderr
    assert "passed" not in result.stdout


def test_with_a_browser_nothing_is_skipped(suite: Path) -> None:
    (suite / "chromium").write_text("#!/bin/sh\n")
    (suite / "chromium").chmod(0o755)
    result = run(suite, required="1")
    assert result.returncode == 0
    assert "2 passed" in result.stdout
    assert "SKIPPED" not in result.stdout
