"""An agent on another machine than the gateway's: real processes, a real network between them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

from tests.e2e.cli.house import KEY
from tests.e2e.remote.machines import HERE, RemoteHouse, missing, second_machine

MEGABYTE = 1 << 20
TLS = {"AUTHSOME_PROXY_TLS_PORT": "0", "AUTHSOME_PROXY_TLS_HOST": HERE}
WHY_NOT = missing()

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "it can be made")


@dataclass
class Agent:
    """Onboarded on the second machine, claimed, and allowed to use one connection."""

    house: RemoteHouse
    home: Path

    def run(self, *command: str, **extra: str) -> str:
        done = self.house.elsewhere(self.home, "run", "--", *command, **extra)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def machine() -> Iterator[str]:
    with second_machine() as name:
        yield name


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory, machine: str) -> Iterator[Agent]:
    folder = tmp_path_factory.mktemp("remote")
    house = RemoteHouse(folder, machine, **TLS)
    try:
        house.set_up()
        house.sign_in()
        yield Agent(house, settle(house, folder / "agent", house.connect()))
    finally:
        house.close()


def settle(house: RemoteHouse, home: Path, *connections: str) -> Path:
    """The home of an agent that onboarded on the second machine."""
    done = house.elsewhere(home, "onboard", "--no-wait", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    house.claim(made["claim_url"], made["code"], connections=connections)
    return home


@pytest.mark.parametrize(
    "client",
    [
        ("curl", "-sS", "--fail-with-body"),
        (sys.executable, "-c", "import httpx, sys; print(httpx.get(sys.argv[1]).text)"),
        (sys.executable, "-c", "import requests, sys; print(requests.get(sys.argv[1]).text)"),
    ],
    ids=["curl", "httpx", "requests"],
)
def test_its_clients_reach_the_provider_with_a_key_that_they_never_had(
    agent: Agent, client: tuple[str, ...]
) -> None:
    said = agent.run(*client, f"{agent.house.api.url}/hello")
    assert "you are known here" in said
    assert KEY not in said


def test_the_command_is_led_to_its_own_machine_and_the_token_never_crosses_in_the_clear(agent: Agent) -> None:
    place = agent.run("sh", "-c", "echo $https_proxy").rpartition("@")[2].strip()
    host, _, port = place.partition(":")
    assert host == "127.0.0.1"
    assert int(port) != agent.house.file.proxy_port
    script = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)"
    done = agent.house.elsewhere(
        agent.home, "run", "--", sys.executable, "-c", script, HERE, str(agent.house.file.proxy_port)
    )
    assert "ConnectionRefusedError" in done.stderr


def test_a_stream_arrives_as_it_is_sent(agent: Agent) -> None:
    script = (
        "import httpx, sys, time\n"
        "with httpx.stream('GET', sys.argv[1], timeout=30) as answer:\n"
        "    came = [time.monotonic() for line in answer.iter_lines() if line]\n"
        "print(came[-1] - came[0])\n"
    )
    apart = float(agent.run(sys.executable, "-c", script, f"{agent.house.api.url}/stream"))
    assert apart > 1  # sent 1.5 s apart; held back, they would come together


def test_a_hundred_megabytes_each_way_cost_the_run_no_memory_of_their_size(
    agent: Agent, tmp_path: Path
) -> None:
    body, url = tmp_path / "body", agent.house.api.url
    with body.open("wb") as file:
        file.truncate(100 * MEGABYTE)
    peak = "grep VmHWM /proc/$PPID/status"  # of `authsome run`
    script = f"{peak}; curl -sS {url}/bytes/{100 * MEGABYTE} | wc -c; "
    script += f"curl -sS -T {body} -X POST -H 'Expect:' {url}/; {peak}"
    lines = agent.run("sh", "-c", script).split("\n")
    assert lines[1].strip() == str(100 * MEGABYTE)
    assert f'"received": {100 * MEGABYTE}' in lines[2]
    before, after = (int(text.split("VmHWM:")[1].split()[0]) for text in (lines[0], "\n".join(lines[2:])))
    assert after - before < 16 * 1024, f"{before} kB before, {after} kB after"


def test_what_is_not_granted_is_refused_there_too(agent: Agent) -> None:
    done = agent.house.elsewhere(agent.home, "run", "--", "curl", "-sS", "-D", "-", "https://example.org/")
    assert "x-authsome-error: host_not_covered" in done.stdout.lower()


def test_on_the_gateways_own_machine_a_public_name_still_means_the_direct_way(
    agent: Agent, tmp_path: Path
) -> None:
    agent.house.onboard(home=tmp_path)
    done = agent.house.at(tmp_path, "run", "--", "sh", "-c", "echo $https_proxy", check=True)
    assert done.stdout.strip().endswith(f"@127.0.0.1:{agent.house.file.proxy_port}")


def test_up_and_status_say_where_others_reach_the_proxy(agent: Agent) -> None:
    own = {"AUTHSOME_BASE_URL": ""}  # with it, the question is for the public address
    said = agent.house.command("status", check=True, **own).stdout
    assert f"from other machines by TLS at {HERE}:" in said
    assert agent.house.ask("status", **own)["proxy_tls"].startswith(f"{HERE}:")


def test_a_gateway_that_serves_only_its_own_machine_is_said_before_the_command_begins(
    machine: str, tmp_path: Path
) -> None:
    house = RemoteHouse(tmp_path, machine)
    try:
        house.set_up()
        home = settle(house, tmp_path / "agent")
        done = house.elsewhere(home, "run", "--", "echo", "begun")
    finally:
        house.close()
    assert done.returncode == 125
    assert "begun" not in done.stdout
    assert "AUTHSOME_PROXY_TLS_PORT" in done.stderr


def test_a_gateway_that_dies_breaks_the_stream_and_is_named_to_the_next_request(
    machine: str, tmp_path: Path
) -> None:
    house = RemoteHouse(tmp_path, machine, **TLS)
    url = house.api.url
    script = f"curl -sSN {url}/stream; echo ended with $?; curl -sS -D - {url}/hello; true"
    try:
        house.set_up()
        house.sign_in()
        home = settle(house, tmp_path / "agent", house.connect())
        line, around = house.there("run", "--", "sh", "-c", script), house.surroundings(home)
        with subprocess.Popen(line, env=around, stdout=PIPE, stderr=DEVNULL, text=True) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == "data: 0\n"
            house.kill()
            said = run.stdout.read()
    finally:
        house.close()
    assert "ended with 0" not in said
    assert "ended with " in said
    assert "x-authsome-error: proxy_unreachable" in said.lower()
