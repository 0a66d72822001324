"""The boundary is the operating-system user: an agent of another one opens none of the server's files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from authsome.testing.https_api import HttpsApi
from authsome.testing.journey import Journey
from authsome.testing.stage import Stage

SERVER_USER, AGENT_USER = 64_001, 64_002
KEY = "boundary-key-1f0c"
ROOT = Path(__file__).resolve().parents[3]


def open_python() -> str | None:
    """An interpreter of our version that every user can run."""
    wanted = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/{wanted}", f"/usr/local/bin/{wanted}"):
        real = Path(candidate).resolve()
        if real.exists() and all(folder.stat().st_mode & 0o001 for folder in real.parents):
            return str(real)
    return None


PYTHON = open_python()

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can start processes as other users"),
    pytest.mark.skipif(PYTHON is None, reason="no interpreter here can be run by other users"),
]


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that both users can enter, with a home for each; pytest's own is closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="authsome-boundary-"))
    folder.chmod(0o755)
    for user in (SERVER_USER, AGENT_USER):
        home = folder / str(user)
        home.mkdir(mode=0o755)
        os.chown(home, user, user)
    yield folder
    shutil.rmtree(folder)


def test_an_agent_of_another_user_runs_and_reads_nothing(shared: Path) -> None:
    api = HttpsApi(shared / "provider", KEY)
    shutil.copytree(shared / "provider", shared / "roots")
    (shared / "roots" / "server.pem").unlink()
    settings = {"AUTHSOME_UPSTREAM_CA_FILE": str(shared / "roots" / "ca.pem")}
    ports = {"AUTHSOME_PORT": "0", "AUTHSOME_PROXY_PORT": "0"}
    assert PYTHON is not None
    command = [PYTHON, "-P", "-m", "authsome.cli.main"]
    settings["PYTHONPATH"] = path = str(copy_packages(shared / "packages"))
    operator = Stage(
        shared / str(SERVER_USER) / "home", user=SERVER_USER, command=command, **settings, **ports
    )
    journey = Journey(operator, email="ann@example.org", password="correct horse battery")
    try:
        journey.begin()
        journey.sign_in()
        journey.add_provider(api, shared)
        connection_id = journey.connect("demo", KEY)
        agent = Stage(
            shared / str(AGENT_USER) / "home",
            user=AGENT_USER,
            command=command,
            AUTHSOME_BASE_URL=journey.base_url,
            PYTHONPATH=path,
        )
        journey.onboard(agent, label="other user", connection_ids=[connection_id])
        answer = agent.run("run", "--", "curl", "-sS", "--fail-with-body", f"{api.url}/hello")
        assert "you are known here" in answer
        assert readable_by_agent(operator.home) == []
        assert not can_list(operator.home / "server")
    finally:
        journey.end()
        api.close()


def copy_packages(folder: Path) -> Path:
    """What the product needs at run time, where every user can read it: this environment may be closed."""
    locked = (ROOT / "requirements" / "runtime.lock").read_text()
    names = re.findall(r"^([A-Za-z0-9._-]+)==", locked, re.MULTILINE)
    for name in names:
        try:
            files = metadata.files(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another platform
        for file in files:
            source = Path(str(file.locate()))
            if not str(file).startswith("..") and source.is_file():
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
    shutil.copytree(ROOT / "src" / "authsome", folder / "authsome")
    return folder


def readable_by_agent(home: Path) -> list[str]:
    """The files below `home` that the agent's user can open."""
    files = [str(path) for path in home.rglob("*") if path.is_file()]
    assert len(files) > 5
    script = 'for f in "$@"; do head -c 1 "$f" >/dev/null 2>&1 && echo "$f"; done; true'
    return as_agent(["sh", "-c", script, "sh", *files]).stdout.splitlines()


def can_list(folder: Path) -> bool:
    return as_agent(["ls", str(folder)]).returncode == 0


def as_agent(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        user=AGENT_USER,
        group=AGENT_USER,
        extra_groups=[],
        cwd="/",
        text=True,
        capture_output=True,
        check=False,
    )
