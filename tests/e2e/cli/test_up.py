"""authsome up, down and status, as real processes."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from authsome.cli.process.sockets import PortTaken, bind
from authsome.testing.person import PageRefused, Person
from tests.e2e.cli.house import PASSWORD, House
from tests.support.server import AUTHSOME, RealServer
from tests.support.waiting import eventually


def test_up_says_where_it_is_what_leaves_and_what_to_do_first(house: House) -> None:
    said = house.command("up", check=True).stdout
    assert f"is running already at {house.base_url}" in said
    assert "Telemetry: local, nothing leaves (AUTHSOME_ENV is not prod)" in said
    assert f"{house.base_url}/set-up/" in said


def test_only_the_newest_set_up_link_works_and_none_once_there_is_a_principal(house: House) -> None:
    first = house.ask("up")["set_up_url"]
    house.set_up()
    assert house.ask("up")["set_up_url"] is None
    stranger = Person(house.base_url)
    again = [("password", PASSWORD), ("password_again", PASSWORD)]
    with pytest.raises(PageRefused):
        stranger.submit(first, [("email", "eve@example.org"), *again])
    stranger.close()


@pytest.mark.parametrize("line", [["up"], ["onboard"], ["run", "--", "true"]])
def test_a_home_that_cannot_be_is_refused_by_name(house: House, tmp_path: Path, line: list[str]) -> None:
    (tmp_path / "file").touch()
    done = house.command(*line, AUTHSOME_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "next:" in done.stderr


def test_everything_of_the_server_is_for_its_user_only(house: House) -> None:
    house.set_up()
    for path in [house.home, *house.home.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0, f"{path} has mode {mode:o}"


def test_the_log_is_json_and_holds_no_link(house: House) -> None:
    link = house.ask("up")["set_up_url"]
    house.set_up()
    house.stop()
    lines = [json.loads(line) for line in house.log().splitlines()]
    assert {"started", "stopping", "stopped"} <= {line["message"] for line in lines}
    assert link.rpartition("/")[2] not in house.log()
    assert "/set-up/" not in house.log()


def test_two_servers_cannot_run_on_one_home(tmp_path: Path) -> None:
    server = RealServer(tmp_path / "home")
    try:
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: server.command("up", "--json"), range(4)))
        running = {json.loads(one.stdout)["pid"] for one in done if one.returncode == 0}
        refused = [json.loads(one.stderr)["error"] for one in done if one.returncode != 0]
        assert len(running) == 1
        assert set(refused) <= {"server_running"}
    finally:
        server.stop()


def test_a_killed_server_comes_up_again(house: House) -> None:
    house.kill()
    assert house.command("status").returncode == 8
    assert house.command("whoami").returncode == 5
    house.start()
    assert house.command("status").returncode == 0


def test_down_stops_it_and_says_so_twice(house: House) -> None:
    pid = house.file.pid
    assert "has stopped" in house.command("down", check=True).stdout
    assert not (house.home / "server" / "host.token").exists()
    assert not (house.home / "server" / "server.json").exists()
    eventually(lambda: not Path(f"/proc/{pid}/cmdline").exists(), within=5, what="the process's end")
    assert "No server is running" in house.command("down", check=True).stdout
    assert house.ask("down") == {"running": False, "stopped": False}


def test_status_tells_a_program_what_it_tells_a_person(house: House) -> None:
    said = house.ask("status")
    assert said["running"] is True
    assert said["base_url"] == house.base_url
    assert said["telemetry"]["mode"] == "local"
    text = house.command("status", check=True).stdout
    assert said["base_url"] in text
    house.stop()
    stopped = house.command("status", "--json")
    assert stopped.returncode == 8
    assert json.loads(stopped.stdout)["running"] is False


def test_a_taken_port_is_said_and_nothing_is_left_running(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = RealServer(tmp_path / "home", AUTHSOME_PORT=str(taken.getsockname()[1]))
        done = server.command("up", "--json")
    assert done.returncode == 6
    assert json.loads(done.stderr)["error"] == "port_taken"
    assert server.command("status").returncode == 8


def test_a_taken_port_of_the_other_loopback_is_not_shared() -> None:
    """Clients try ::1 first: whoever listens there would be given what is meant for us."""
    try:
        taken = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with taken, pytest.raises(PortTaken):
        bind("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTHSOME_PORT", "a"),
        ("AUTHSOME_PORT", "70000"),
        ("AUTHSOME_BASE_URL", "ftp://x"),
        ("AUTHSOME_TIME_ZONE", "Mars/Olympus"),
        ("AUTHSOME_INSTALLATION_KEY", "short"),
    ],
)
def test_a_malformed_setting_is_named_and_its_value_is_not(tmp_path: Path, name: str, value: str) -> None:
    server = RealServer(tmp_path / "home", **{name: value})
    done = server.command("up")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "next:" in done.stderr


def test_in_the_foreground_it_announces_itself_and_ends_on_a_signal(tmp_path: Path) -> None:
    server = RealServer(tmp_path / "home")
    process = subprocess.Popen(
        [str(AUTHSOME), "up", "--foreground", "--json"],
        env=server.environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: server.command("status").returncode == 0, what="the server")
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert "/set-up/" in json.loads(said)["set_up_url"]
