"""authsome onboard: a key, a link, a code, and a person who decides."""

from __future__ import annotations

import json
import signal
import stat
from pathlib import Path

import pytest

from authsome.testing.person import PageRefused
from tests.e2e.cli.house import House


def test_a_claimed_agent_hears_of_it(settled: House, tmp_path: Path) -> None:
    agent = settled.begin("onboard", "--label", "laptop's agent", "--no-browser", **settled.apart(tmp_path))
    link, code = agent.word("/claim/"), agent.word("code")
    settled.claim(link, code)
    exit_code, said = agent.finish()
    assert exit_code == 0
    assert "is claimed" in said
    known = settled.ask("whoami", **settled.apart(tmp_path))
    assert known["state"] == "claimed"
    assert settled.at(tmp_path, "onboard").stdout.startswith(known["id"])


def test_a_rejected_agent_hears_of_it_by_its_exit_code(settled: House, tmp_path: Path) -> None:
    agent = settled.begin("onboard", "--no-browser", **settled.apart(tmp_path))
    link, code = agent.word("/claim/"), agent.word("code")
    settled.claim(link, code, decision="reject")
    exit_code, said = agent.finish()
    assert exit_code == 4
    assert "authsome onboard --new" in said
    assert settled.at(tmp_path, "onboard").returncode == 4
    assert settled.at(tmp_path, "onboard", "--new", "--no-wait").returncode == 0


def test_the_key_is_private_and_a_second_onboarding_keeps_it(settled: House, tmp_path: Path) -> None:
    first = json.loads(settled.at(tmp_path, "onboard", "--no-wait", "--json", check=True).stdout)
    key = tmp_path / "identity" / "key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    again = json.loads(settled.at(tmp_path, "onboard", "--no-wait", "--json", check=True).stdout)
    assert (again["did"], again["handle"]) == (first["did"], first["handle"])
    assert again["claim_url"] != first["claim_url"]
    with pytest.raises(PageRefused):
        settled.ada.open(first["claim_url"])
    settled.ada.open(again["claim_url"])


def test_another_identity_puts_the_old_key_aside(settled: House, tmp_path: Path) -> None:
    settled.at(tmp_path, "onboard", "--no-wait", check=True)
    before = (tmp_path / "identity" / "key.pem").read_bytes()
    settled.at(tmp_path, "onboard", "--new", "--no-wait", check=True)
    assert (tmp_path / "identity" / "key-1.pem").read_bytes() == before
    assert (tmp_path / "identity" / "key.pem").read_bytes() != before


def test_without_a_server_no_key_is_made(tmp_path: Path, settled: House) -> None:
    nowhere = {"AUTHSOME_HOME": str(tmp_path), "AUTHSOME_BASE_URL": "http://127.0.0.1:1"}
    done = settled.command("onboard", check=False, **nowhere)
    assert done.returncode == 8
    assert "authsome up" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_stopping_to_wait_exits_as_interrupted_without_a_traceback(settled: House, tmp_path: Path) -> None:
    agent = settled.begin("onboard", "--no-browser", **settled.apart(tmp_path))
    agent.word("Waiting")
    agent.process.send_signal(signal.SIGINT)
    exit_code, said = agent.finish()
    assert exit_code == 130
    assert "Traceback" not in said


@pytest.mark.parametrize("label", ["two\nlines", "x" * 65, "bell\x07", "turn\u202earound"])
def test_a_label_that_is_none_is_refused(settled: House, tmp_path: Path, label: str) -> None:
    done = settled.at(tmp_path, "onboard", "--no-wait", "--json", "--label", label)
    assert done.returncode == 2
    assert json.loads(done.stderr)["error"] in ("label_invalid", "input_invalid")
