"""Keys that lie about are found, shown without their values, imported, and taken out of the files."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cli.house import House
from tests.support.server import AUTHSOME

OPENAI, GITHUB, STRIPE = "sk-proj-1a2b3c4d5e6f", "ghp_9z8y7x6w5v4u", "sk_live_5t4r3e2w1q"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "house")
    made.start()
    made.set_up()
    made.sign_in()
    yield made
    made.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    env = folder / ".env"
    env.write_bytes(f"# settings\r\nDEBUG=1\r\nexport OPENAI_API_KEY='{OPENAI}'\r\nPORT=8000\r\n".encode())
    env.chmod(0o640)
    (folder / ".env.example").write_text("OPENAI_API_KEY=sk-this-is-an-example\n")
    (folder / "elsewhere").write_text(f"STRIPE_API_KEY={STRIPE}\n")
    (folder / ".env.link").symlink_to(folder / "elsewhere")
    return folder


def onboard(house: House, folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(AUTHSOME), "onboard", *arguments],
        env=house.environment | more,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    for secret in (OPENAI, GITHUB, STRIPE):
        assert secret[8:] not in done.stdout + done.stderr
    return done


def test_what_is_found_is_shown_and_nothing_is_done(house: House, project: Path) -> None:
    before = (project / ".env").read_bytes()
    shown = onboard(house, project, "--keys", "--dry-run", GITHUB_TOKEN=GITHUB)
    assert shown.returncode == 0, shown.stderr
    assert ".env:3" in shown.stdout
    assert "api.openai.com" in shown.stdout
    assert "GITHUB_TOKEN" in shown.stdout
    assert "STRIPE" not in shown.stdout
    assert ".env.link is a link" in shown.stderr
    assert house.ask("connections") == []
    assert (project / ".env").read_bytes() == before
    waits = onboard(house, project, "--keys")
    assert (waits.returncode, house.ask("connections")) == (0, [])
    assert "--yes" in waits.stderr


def test_imported_keys_are_taken_out_with_nothing_else_and_a_second_time_does_nothing(
    house: House, project: Path
) -> None:
    done = onboard(house, project, "--yes", "--take-out", "--json", GITHUB_TOKEN=GITHUB)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {one["connection"] for one in told["imported"]} == {"openai/default", "github/default"}
    env = project / ".env"
    assert env.read_bytes() == (
        b"# settings\r\nDEBUG=1\r\n# OPENAI_API_KEY is in Authsome now: openai/default\r\nPORT=8000\r\n"
    )
    assert stat.S_IMODE(env.stat().st_mode) == 0o640
    assert sorted(one.name for one in project.iterdir()) == [".env", ".env.example", ".env.link", "elsewhere"]
    assert {one["provider"] for one in house.ask("connections")} == {"openai", "github"}
    again = onboard(house, project, "--yes", "--take-out", "--json", GITHUB_TOKEN=GITHUB)
    assert json.loads(again.stdout)["imported"] == []
    assert json.loads(again.stdout)["found"][0]["connected"] is True


def test_one_is_imported_by_its_name_from_a_file_that_is_named(house: House, project: Path) -> None:
    done = onboard(house, project, "elsewhere", "--no-environment", "--import", "STRIPE_API_KEY=stripe/live")
    assert done.returncode == 0, done.stderr
    assert "Connected: stripe/live." in done.stdout
    assert (project / "elsewhere").read_text() == f"STRIPE_API_KEY={STRIPE}\n", "nobody said to take it out"
    for arguments, code in (
        (("--import", "NOTHING"), 5),
        (("nowhere",), 2),
        (("--import", "OPENAI_API_KEY=No Name"), 2),
    ):
        assert onboard(house, project, *arguments).returncode == code
    assert onboard(house, project, "--import", "OPENAI_API_KEY", OPENAI_API_KEY=GITHUB).returncode == 6


def test_nobody_signed_in_is_told_how(house: House, project: Path) -> None:
    house.command("sign-out", check=True)
    refused = onboard(house, project, "--keys")
    assert refused.returncode == 3
    assert "authsome sign-in" in refused.stderr


def test_a_person_ticks_at_the_terminal(house: House, project: Path) -> None:
    (project / ".env").chmod(0o600)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(AUTHSOME), "onboard", "--keys"],
        env=house.environment | {"GITHUB_TOKEN": GITHUB, "COLUMNS": "200"},
        cwd=project,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = _until(ours, "Import which?")
    assert "OPENAI_API_KEY" in said
    number = next(line.split()[0] for line in said.splitlines() if "OPENAI_API_KEY" in line)
    os.write(ours, f"{number}\n".encode())
    said += _until(ours, "no copy is kept")
    os.write(ours, b"y\n")
    said += _until(ours, "taken out of")
    assert process.wait(timeout=30) == 0
    os.close(ours)
    assert OPENAI[8:] not in said
    assert [one["provider"] for one in house.ask("connections")] == ["openai"]
    assert OPENAI.encode() not in (project / ".env").read_bytes()


def _until(terminal: int, text: str) -> str:
    said = ""
    while text not in said:
        part = os.read(terminal, 4096)
        assert part, said
        said += part.decode()
    return said
