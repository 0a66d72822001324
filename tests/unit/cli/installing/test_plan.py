"""What `up --install` would do on machines in different states; nothing is done here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from authsome.cli.installing.plan import Machine, UserTaken, missing_steps, plan_removal
from authsome.cli.installing.program import ProgramExposed, require_fit
from authsome.cli.installing.steps import InstallFailed, MakeFolder, Run, WriteFile
from authsome.cli.installing.unit import unit_text


def described(machine: Machine) -> list[str]:
    """Without the question whether this working copy is fit to be installed."""
    return [step.describe() for step in missing_steps(machine)]


def machine(folder: Path, *, user: str = "authsome-nobody-here", has_systemd: bool = True) -> Machine:
    return Machine(
        has_systemd=has_systemd,
        user=user,
        home=folder / "home",
        settings=folder / "authsome.env",
        unit=folder / "authsome.service",
    )


def test_a_bare_machine_gets_a_user_a_home_settings_and_a_service(tmp_path: Path) -> None:
    said = described(machine(tmp_path))
    assert said[0].startswith("useradd --system ")
    assert "--shell /usr/sbin/nologin" in said[0]
    assert said[1] == f"make {tmp_path}/home, for authsome-nobody-here alone (0700)"
    assert "(0600)" in said[2]
    assert "ExecStart=" in said[3]
    assert said[4:] == [
        "systemctl daemon-reload",
        "systemctl enable authsome.service",
        "systemctl restart authsome.service",
    ]


def test_without_systemd_there_is_no_service(tmp_path: Path) -> None:
    said = described(machine(tmp_path, has_systemd=False))
    assert not [one for one in said if one.startswith("systemctl") or "[Service]" in one]


def test_what_is_there_already_is_no_step_and_settings_are_never_overwritten(tmp_path: Path) -> None:
    here = machine(tmp_path, user="daemon")
    WriteFile(here.settings, "AUTHSOME_PORT=1\n", 0o600).take()
    text = unit_text(user="daemon", home=here.home, settings=here.settings, python=here.python)
    WriteFile(here.unit, text, 0o644).take()
    assert [one for one in described(here) if not one.startswith("make ")] == []


def test_a_changed_unit_is_written_anew_and_the_service_restarted(tmp_path: Path) -> None:
    here = machine(tmp_path, user="daemon")
    WriteFile(here.unit, "[Unit]\n", 0o644).take()
    assert described(here)[-1] == "systemctl restart authsome.service"


def test_a_user_who_can_log_in_is_not_taken_for_the_servers(tmp_path: Path) -> None:
    with pytest.raises(UserTaken):
        described(machine(tmp_path, user="root"))


def test_removing_leaves_the_data(tmp_path: Path) -> None:
    here = machine(tmp_path)
    assert plan_removal(here) == []
    here.unit.write_text("[Unit]\n")
    said = [step.describe() for step in plan_removal(here)]
    assert said == [
        "systemctl disable --now authsome.service",
        f"remove {here.unit}",
        "systemctl daemon-reload",
    ]


def test_a_file_is_written_with_its_mode_whatever_was_there(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_text("old")
    path.chmod(0o666)
    WriteFile(path, "new\n", 0o600).take()
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new\n", 0o600)
    assert [one.name for one in tmp_path.iterdir()] == ["settings"]


@pytest.mark.parametrize("command", [("false",), ("no-such-program-here",)])
def test_a_step_that_fails_says_which(command: tuple[str, ...]) -> None:
    with pytest.raises(InstallFailed, match=command[0]):
        Run(command).take()


def test_a_program_that_others_can_change_is_refused(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("")
    with pytest.raises(ProgramExposed):
        require_fit([program])  # somebody else's, or below a folder that all can write to


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take a step for another user")
def test_a_home_with_the_wrong_owner_or_mode_is_put_right(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    MakeFolder(home, "daemon").take()
    found = home.stat()
    assert (found.st_mode & 0o777, found.st_uid) != (0o755, 0)
    assert found.st_mode & 0o777 == 0o700


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NO SYSTEMD-ANALYZE HERE")
def test_systemd_finds_nothing_wrong_with_the_unit_and_calls_it_safe(tmp_path: Path) -> None:
    text = unit_text(
        user="daemon", home=Path("/var/lib/x"), settings=Path("/etc/x"), python=Path(sys.executable)
    )
    unit = tmp_path / "authsome.service"
    unit.write_text(text)
    checked = analyze("verify", "--man=no", str(unit))
    assert [line for line in checked.stderr.splitlines() if "authsome.service" in line] == []
    rated = analyze("security", "--offline=yes", "--threshold=30", str(unit))
    assert rated.returncode == 0, rated.stdout[-300:] + rated.stderr


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True)
