"""The compose file: sends nothing by itself, shuts its doors, and sets what there is to set."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from authsome.server.config import ServerConfig
from authsome.telemetry.mode import decide_mode
from tests.support.server import RealServer
from tools.reference.configuration import variable

ROOT = Path(__file__).resolve().parents[2]
HOLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
GIVEN = {"AUTHSOME_DATABASE_PASSWORD": "secret"}
OPTED_IN = {"AUTHSOME_ENV": "prod", "AUTHSOME_POSTHOG_API_KEY": "phc_key"}


def composed(**given: str) -> dict[str, Any]:
    """The file as compose reads it with these variables. Raises KeyError for one that it insists on."""

    def fill(hole: re.Match[str]) -> str:
        name, sign, text = hole.groups()
        if given.get(name) or sign != "?":
            return given.get(name) or (text or "")
        raise KeyError(name)

    lines = (ROOT / "compose.yaml").read_text(encoding="utf-8").splitlines()
    text = "\n".join(HOLE.sub(fill, line) for line in lines if not line.lstrip().startswith("#"))
    found: dict[str, Any] = yaml.safe_load(text)
    return found["services"]  # type: ignore[no-any-return]


def environment(**given: str) -> dict[str, str]:
    found: dict[str, str] = composed(**GIVEN, **given)["gateway"]["environment"]
    return found


def sends(monkeypatch: pytest.MonkeyPatch, **given: str) -> bool:
    for name, value in environment(**given).items():
        monkeypatch.setenv(name, value)
    return decide_mode(ServerConfig().telemetry_settings).sends


def test_it_forbids_sending_unless_the_operator_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert 'AUTHSOME_DO_NOT_TRACK: "${AUTHSOME_DO_NOT_TRACK:-1}"' in text
    assert not sends(monkeypatch)
    assert not sends(monkeypatch, **OPTED_IN)
    assert not sends(monkeypatch, **OPTED_IN, AUTHSOME_DO_NOT_TRACK="")
    assert sends(monkeypatch, **OPTED_IN, AUTHSOME_DO_NOT_TRACK="0")


def test_it_sets_only_what_there_is_to_set() -> None:
    known = {variable(name, field) for name, field in ServerConfig.model_fields.items()}
    assert environment().keys() <= known


def test_nobody_but_this_machine_reaches_what_it_publishes() -> None:
    services = composed(**GIVEN)
    assert all(port.startswith("127.0.0.1:") for port in services["gateway"]["ports"])
    assert "ports" not in services["database"]


def test_the_databases_password_is_chosen_by_the_operator_and_the_same_on_both_sides() -> None:
    with pytest.raises(KeyError):
        composed()
    services = composed(AUTHSOME_DATABASE_PASSWORD="chosen")
    assert services["database"]["environment"]["POSTGRES_PASSWORD"] == "chosen"
    assert "authsome:chosen@database/authsome" in services["gateway"]["environment"]["AUTHSOME_DATABASE_URL"]


def test_a_server_starts_with_these_settings(tmp_path: Path) -> None:
    """But for the database and the fixed ports, which this machine need not have."""
    settings = environment() | {"AUTHSOME_PROXY_TLS_PORT": "0", "AUTHSOME_BASE_URL": ""}
    del settings["AUTHSOME_DATABASE_URL"]
    with RealServer(tmp_path, **settings) as server:
        health = composed(**GIVEN)["gateway"]["healthcheck"]["test"]
        assert health[:2] == ["CMD", "env"]
        assert server.command(*health[health.index("authsome") + 1 :]).returncode == 0
        assert server.file.telemetry_mode == "local"


def test_the_image_is_made_of_the_lock_file_and_runs_as_a_user_of_its_own() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert any("--require-hashes -r requirements/runtime.lock" in line for line in lines)
    assert "USER authsome" in lines
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("COPY "):
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in ignored, source
    assert ignored[0] == "*", "what is not named, such as a key beside the repository, stays outside"
