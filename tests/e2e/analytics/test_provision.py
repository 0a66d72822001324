"""The dashboards in a PostHog project, by the real command against a PostHog in another process."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from authsome.testing.posthog import read_record
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID
from authsome.testing.stage import AUTHSOME, Stage

OK, INVALID, DENIED, CONFLICT, DIFFERS = 0, 2, 4, 6, 9
INTERRUPTED = 130


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "requests.jsonl"


@pytest.fixture
def url(record: Path) -> Iterator[str]:
    """The address of a PostHog that is a process of its own."""
    command = [sys.executable, "-m", "authsome.testing.posthog", "--record", str(record)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[0]
        process.terminate()


@pytest.fixture
def stage(url: str, tmp_path: Path) -> Stage:
    return Stage(
        tmp_path / "home",
        AUTHSOME_POSTHOG_HOST=url,
        AUTHSOME_POSTHOG_PERSONAL_API_KEY=PERSONAL_KEY,
        AUTHSOME_POSTHOG_PROJECT_ID=PROJECT_ID,
    )


def test_planned_applied_and_destroyed_without_a_server(stage: Stage, url: str) -> None:
    planned = stage.attempt("analytics", "plan")
    assert planned.returncode == DIFFERS
    assert "  create dashboard Authsome: adoption" in planned.stdout.splitlines()
    applied = stage.attempt("analytics", "apply")
    assert applied.returncode == OK
    assert applied.stdout.endswith(f"made in project {PROJECT_ID} at {url}, and read back.\n")
    assert "create dashboard Authsome: adoption" in applied.stderr.splitlines()
    again = stage.attempt("analytics", "apply")
    assert (again.returncode, again.stdout[:18]) == (OK, "Nothing to change ")
    assert stage.attempt("analytics", "plan").returncode == OK

    would = stage.attempt("analytics", "destroy", "--dry-run")
    assert (would.returncode, "Authsome: adoption" in would.stdout) == (DIFFERS, True)
    assert stage.attempt("analytics", "destroy").returncode == INVALID
    assert found(url, "dashboards")
    assert stage.attempt("analytics", "destroy", "--yes").returncode == OK
    assert found(url, "dashboards") == found(url, "insights") == []


def test_a_dry_run_writes_nothing_and_says_the_same_as_the_plan(stage: Stage, record: Path) -> None:
    would = stage.attempt("analytics", "apply", "--dry-run", "--with-old-names", "--json")
    assert would.returncode == DIFFERS
    planned = stage.attempt("analytics", "plan", "--with-old-names", "--json")
    assert json.loads(would.stdout) == json.loads(planned.stdout)
    stage.attempt("analytics", "destroy", "--dry-run")
    assert {request.method for request in read_record(record)} == {"GET"}


def test_programs_get_json_and_nothing_else(stage: Stage, url: str) -> None:
    applied = stage.attempt("analytics", "apply", "--json")
    document = json.loads(applied.stdout)
    assert (applied.stderr, document["host"], document["project_id"]) == ("", url, PROJECT_ID)
    first = document["changes"][0]
    assert (first["verb"], first["thing"], first["key"]) == ("create", "dashboard", "adoption")
    assert stage.ask("analytics", "apply")["changes"] == []
    assert stage.attempt("analytics", "destroy", "--json").returncode == INVALID
    destroyed = stage.ask("analytics", "destroy", "--yes")["changes"]
    assert {change["verb"] for change in destroyed} == {"remove"}


@pytest.mark.parametrize("after", ["create dashboard", "create insight", "create text", "create action"])
def test_killed_half_way_the_next_one_finishes_without_duplicates(stage: Stage, url: str, after: str) -> None:
    process = subprocess.Popen(
        [str(AUTHSOME), "analytics", "apply", "--with-old-names"],
        env=stage.environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    assert any(line.startswith(after) for line in process.stderr)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    stage.run("analytics", "apply", "--with-old-names")
    for kind in ("dashboards", "insights", "actions"):
        marks = [one["description"].rpartition("[")[2].partition(" ")[0] for one in found(url, kind)]
        assert marks
        assert len(marks) == len(set(marks)), kind
    assert stage.attempt("analytics", "plan", "--with-old-names").returncode == OK


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"DO_NOT_TRACK": "1"}, DENIED, "DO_NOT_TRACK forbids it"),
        ({"AUTHSOME_TELEMETRY": "off"}, DENIED, "AUTHSOME_TELEMETRY is off"),
        ({"AUTHSOME_POSTHOG_PROJECT_ID": ""}, INVALID, "AUTHSOME_POSTHOG_PROJECT_ID is not set"),
        ({"AUTHSOME_TIME_ZONE": "Mars/Olympus"}, INVALID, "AUTHSOME_TIME_ZONE"),
    ],
)
def test_what_is_refused_here_opens_no_connection(
    stage: Stage, record: Path, change: dict[str, str], code: int, said: str
) -> None:
    stage.environment |= change
    for command in (["apply"], ["destroy", "--yes"]):
        refused = stage.attempt("analytics", *command)
        assert refused.returncode == code
        assert said in refused.stderr
        assert "next: " in refused.stderr
    assert read_record(record) == []


def test_another_time_zone_or_key_is_refused_by_name(stage: Stage) -> None:
    stage.environment["AUTHSOME_TIME_ZONE"] = "Europe/Berlin"
    zones = stage.attempt("analytics", "apply")
    assert zones.returncode == CONFLICT
    assert "UTC" in zones.stderr
    assert "Europe/Berlin" in zones.stderr
    stage.environment["AUTHSOME_POSTHOG_PERSONAL_API_KEY"] = "phx_a_wrong_one"
    denied = stage.attempt("analytics", "apply", "--json")
    assert denied.returncode == DENIED
    assert json.loads(denied.stderr)["error"] == "posthog_denies"
    assert "phx_a_wrong_one" not in denied.stderr


@pytest.mark.parametrize(("answer", "code", "left"), [("n", INTERRUPTED, True), ("y", OK, False)])
def test_a_person_is_shown_what_goes_and_asked(
    stage: Stage, url: str, answer: str, code: int, left: bool
) -> None:
    stage.run("analytics", "apply")
    person, terminal = pty.openpty()
    try:
        process = subprocess.Popen(
            [str(AUTHSOME), "analytics", "destroy"],
            env=stage.environment,
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        os.write(person, f"{answer}\n".encode())
        shown, _ = process.communicate(timeout=60)
    finally:
        os.close(person)
        os.close(terminal)
    assert process.returncode == code
    assert "remove dashboard" in shown.partition("Do this?")[0]
    assert bool(found(url, "dashboards")) is left


def found(url: str, kind: str) -> list[dict[str, Any]]:
    answer = httpx.get(
        f"{url}/api/projects/{PROJECT_ID}/{kind}/", headers={"Authorization": f"Bearer {PERSONAL_KEY}"}
    )
    results: list[dict[str, Any]] = answer.json()["results"]
    return results
