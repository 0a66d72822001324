"""Set-up on a machine that lacks something says what to install, and does nothing twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that set-up needs, in a folder that nobody else uses."""
    for name in ("Makefile", "pyproject.toml", "tools/bootstrap.py", "requirements/dev.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_without_ensurepip_it_names_the_package_to_install(clone: Path) -> None:
    (clone / "broken").mkdir()
    (clone / "broken/ensurepip.py").write_text("raise ImportError\n")
    environment = {**os.environ, "PYTHONPATH": str(clone / "broken")}
    result = subprocess.run(
        [sys.executable, "tools/bootstrap.py"], cwd=clone, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "apt-get install python3-venv" in result.stderr
    assert not (clone / ".venv").exists()


def test_without_a_new_enough_python_it_says_so(clone: Path) -> None:
    (clone / "bin").mkdir()
    (clone / "bin/python3").write_text("#!/bin/sh\nexit 1\n")
    (clone / "bin/python3").chmod(0o755)
    make = shutil.which("make")
    assert make
    result = subprocess.run(
        [make, "setup"], cwd=clone, env={"PATH": str(clone / "bin")}, capture_output=True, text=True
    )
    assert result.returncode == 2
    assert "No Python 3.11 or newer found" in result.stderr


def test_bare_make_lists_the_targets_and_sets_up_nothing(clone: Path) -> None:
    listed = subprocess.run(["make"], cwd=clone, capture_output=True, text=True, check=True).stdout
    for target in ("demo", "test", "check", "deep", "bench", "docs", "dev"):
        assert f"  make {target} " in listed
    assert not (clone / ".venv").exists()


def test_an_up_to_date_set_up_is_left_alone(clone: Path) -> None:
    (clone / ".venv").mkdir()
    (clone / ".venv/.ready").touch()
    done = subprocess.run(["make", "setup"], cwd=clone, capture_output=True, text=True, check=True)
    assert "Making" not in done.stdout
    assert os.listdir(clone / ".venv") == [".ready"]
