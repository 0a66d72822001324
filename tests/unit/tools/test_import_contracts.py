"""The import contracts refuse what they should: linted is a house with every mistake in it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MISTAKES = {
    "server.routes.ui": "authsome.telemetry",
    "identity.register": "authsome.analytics",
    "claim.accept": "sqlalchemy",
    "cli.status": "authsome.store",
    "client.http": "sqlite3",
    "proxy.ask": "authsome.client",
    "proxy.look": "httpx",
    "server.routes.health": "authsome.store",
    "runtime.build": "authsome.testing",
    "vault.seal": "authsome.connection",
    "server.app": "authsome.proxy",
    "helpers.misc": "authsome.kit",
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says about that house, in one line."""
    house = tmp_path_factory.mktemp("house")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    folders = {
        name
        for contract in contracts
        for layer in contract.get("layers", ())
        for name in re.findall(r"\w+", layer)
    }
    for folder in [*folders, "server/routes", "testing", "helpers"]:
        (house / "authsome" / folder).mkdir(parents=True)
    for folder in [house / "authsome", *(house / "authsome").rglob("*/")]:
        (folder / "__init__.py").touch()
    for module, imported in MISTAKES.items():
        (house / "authsome" / f"{module.replace('.', '/')}.py").write_text(f"import {imported}\n")
    (house / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    lint = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(house)}
    result = subprocess.run(lint, cwd=house, env=environment, capture_output=True, text=True)
    assert result.returncode == 1, result.stdout + result.stderr
    return " ".join(result.stdout.split())


@pytest.mark.parametrize("module", [module for module in MISTAKES if not module.startswith("helpers")])
def test_the_mistake_is_found(complaints: str, module: str) -> None:
    assert f"authsome.{module} -> {MISTAKES[module]} (l.1)" in complaints


def test_a_folder_without_a_place_in_the_house_is_refused(complaints: str) -> None:
    assert "not listed as layers: - authsome.helpers" in complaints


def test_every_contract_is_broken_by_one_of_the_mistakes(complaints: str) -> None:
    assert "0 kept" in complaints
