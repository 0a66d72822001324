"""`authsome up --install` on a machine that is thrown away: the user, its files, and an agent beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from authsome.testing.https_api import HttpsApi
from authsome.testing.journey import Journey
from authsome.testing.stage import Stage
from tests.e2e.boundary.disposable import Disposable, Impossible, disposable, missing
from tests.e2e.boundary.test_other_user import PYTHON, copy_packages

AGENT_USER = "64003"
KEY = "install-key-77ab"
PROGRAM = "/opt/authsome/bin/python"
AUTHSOME = (PROGRAM, "-P", "-m", "authsome.cli.main")
WHY_NOT = missing() or ("" if PYTHON else "no interpreter here can be run by other users")

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "it can be done")


@pytest.fixture
def shared() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="authsome-install-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def machine(shared: Path) -> Iterator[Disposable]:
    """With Authsome in /opt/authsome, where only root can write."""
    try:
        with disposable(shared / "overlay") as made:
            made.run(str(PYTHON), "-m", "venv", "--without-pip", "/opt/authsome")
            packages = next(made.path("/opt/authsome/lib").iterdir()) / "site-packages"
            copy_packages(packages)
            yield made
    except Impossible as error:
        pytest.skip(f"NO MOUNT NAMESPACE HERE, so nothing is installed: {error}")


def test_it_makes_a_user_of_its_own_that_an_agent_can_use_and_not_look_into(
    machine: Disposable, shared: Path
) -> None:
    before = machine.run(*AUTHSOME, "up", "--install", "--dry-run").stdout
    assert machine.run("id", "authsome", check=False).returncode == 1
    assert not machine.path("/var/lib/authsome").exists()
    said = machine.run(*AUTHSOME, "up", "--install").stdout
    assert "useradd --system" in before
    assert "useradd --system" in said
    owner, shell = machine.run("getent", "passwd", "authsome").stdout.split(":")[2::4]
    assert shell.strip() == "/usr/sbin/nologin"
    home = machine.path("/var/lib/authsome").stat()
    assert (home.st_uid, home.st_mode & 0o777) == (int(owner), 0o700)
    settings = machine.path("/etc/authsome.env")
    assert (settings.stat().st_uid, settings.stat().st_mode & 0o777) == (0, 0o600)
    assert "There was nothing to do." in machine.run(*AUTHSOME, "up", "--install").stdout

    api = HttpsApi(shared / "provider", KEY)
    shutil.copytree(shared / "provider", shared / "roots", ignore=shutil.ignore_patterns("server.pem"))
    with settings.open("a") as file:
        file.write(
            f"AUTHSOME_PORT=0\nAUTHSOME_PROXY_PORT=0\nAUTHSOME_UPSTREAM_CA_FILE={shared}/roots/ca.pem\n"
        )
    try:
        use(machine, shared, api, start_line=next(line for line in said.splitlines() if "runuser" in line))
    finally:
        api.close()
    gone = machine.run(*AUTHSOME, "up", "--uninstall").stdout
    assert "userdel authsome" in gone
    assert machine.path("/var/lib/authsome/server/registry.db").exists()


def use(machine: Disposable, shared: Path, api: HttpsApi, *, start_line: str) -> None:
    """Start the server as was printed, and have an agent of another user run behind it."""
    assert "is up at" in machine.run("sh", "-c", start_line.strip()).stdout
    as_server = ["setpriv", "--reuid=authsome", "--regid=authsome", "--clear-groups", "--", *AUTHSOME]
    operator = Stage(Path("/var/lib/authsome"), command=[*machine.inside, *as_server])
    journey = Journey(operator, email="ann@example.org", password="correct horse battery")
    try:
        journey.begin()
        journey.sign_in()
        journey.add_provider(api, shared)
        connection_id = journey.connect("demo", KEY)
        as_agent = [f"--reuid={AGENT_USER}", f"--regid={AGENT_USER}", "--clear-groups", "--"]
        (shared / "agent").mkdir()
        shutil.chown(shared / "agent", int(AGENT_USER), int(AGENT_USER))
        agent = Stage(
            shared / "agent",
            command=[*machine.inside, "setpriv", *as_agent, *AUTHSOME],
            AUTHSOME_BASE_URL=journey.base_url,
        )
        journey.onboard(agent, label="another user", connection_ids=[connection_id])
        assert "you are known here" in agent.run("run", "--", "curl", "-sS", f"{api.url}/hello")
        for secret in ("/var/lib/authsome/server", "/etc/authsome.env"):
            looked = machine.run("setpriv", *as_agent, "head", "-c", "1", secret, check=False)
            assert "Permission denied" in looked.stderr
        assert "share an operating-system user" not in operator.run("status")
    finally:
        journey.end()


def test_without_root_it_says_what_to_do_and_does_nothing(machine: Disposable) -> None:
    as_agent = [f"--reuid={AGENT_USER}", f"--regid={AGENT_USER}", "--clear-groups", "--"]
    done = machine.run("setpriv", *as_agent, *AUTHSOME, "up", "--install", check=False)
    assert done.returncode == 4
    assert "sudo" in done.stderr
    assert machine.run("id", "authsome", check=False).returncode == 1


def test_a_copy_that_an_agent_could_change_is_not_installed(machine: Disposable) -> None:
    machine.run("chmod", "o+w", "/opt/authsome")
    done = machine.run(*AUTHSOME, "up", "--install", check=False)
    assert done.returncode == 2
    assert "others than root can change /opt/authsome" in done.stderr
