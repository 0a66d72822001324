"""authsome run: a command's own streams, signals and exit code, and a credential that it never has."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.cli.house import KEY, House
from tests.support.server import AUTHSOME
from tests.support.waiting import eventually

PYTHON = sys.executable


def test_curl_reaches_the_provider_with_a_key_it_never_had(settled: House) -> None:
    done = settled.command("run", "--", "curl", "-sS", "--fail-with-body", f"{settled.api.url}/hello")
    assert done.returncode == 0, done.stderr
    assert "you are known here" in done.stdout
    assert KEY not in done.stdout + done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize(
    "script",
    [
        "import requests, sys; print(requests.get(sys.argv[1]).text)",
        "import httpx, sys; print(httpx.get(sys.argv[1]).text)",
        "import urllib.request, sys; print(urllib.request.urlopen(sys.argv[1]).read().decode())",
    ],
    ids=["requests", "httpx", "urllib"],
)
def test_pythons_clients_reach_it_too(settled: House, script: str) -> None:
    done = settled.command("run", "--", PYTHON, "-c", script, f"{settled.api.url}/hello")
    assert done.returncode == 0, done.stderr
    assert "you are known here" in done.stdout


def test_what_is_not_granted_is_refused_with_a_reason(settled: House) -> None:
    done = settled.command("run", "--", "curl", "-sS", "-D", "-", "https://example.org/")
    assert done.returncode != 0
    assert "x-authsome-error: host_not_covered" in done.stdout.lower()


def test_an_agent_without_a_grant_is_refused_and_told_what_to_ask_for(settled: House, tmp_path: Path) -> None:
    settled.onboard(home=tmp_path)
    curl = ("curl", "-sS", "-D", "-", "https://api.stripe.com/v1/charges")
    done = settled.at(tmp_path, "run", "--", *curl)
    assert "x-authsome-error: not_connected" in done.stdout.lower()
    assert "nothing is granted to this agent" in done.stderr, "curl hides what a proxy says"
    assert "authsome grants add" in done.stderr
    settled.type("sk-stripe", "connections", "add", "stripe")
    done = settled.at(tmp_path, "run", "--", *curl)
    assert "x-authsome-error: not_granted" in done.stdout.lower()
    assert settled.ask("connections", **settled.apart(tmp_path)) == []


def test_the_environment_holds_no_key(settled: House) -> None:
    settled_key = {"AUTHSOME_INSTALLATION_KEY": "x" * 44, "AUTHSOME_POSTHOG_API_KEY": "phc_x"}
    seen = settled.command("run", "--", "env", check=True, **settled_key).stdout
    assert KEY not in seen
    assert "AUTHSOME_INSTALLATION_KEY" not in seen
    assert "phc_x" not in seen


@pytest.mark.parametrize("code", [0, 1, 7, 255])
def test_the_exit_code_is_the_commands(settled: House, code: int) -> None:
    assert settled.command("run", "--", "sh", "-c", f"exit {code}").returncode == code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_reach_the_command_and_its_end_is_told_as_a_shell_does(settled: House, number: int) -> None:
    script = "import signal, sys, time; [signal.signal(n, signal.SIG_DFL) for n in (1, 2, 10, 15)];"
    script += "print('ready', flush=True); time.sleep(60)"
    run = settled.begin("run", "--", PYTHON, "-c", script)
    assert run.word("ready") == "ready"
    run.process.send_signal(number)
    assert run.finish()[0] == 128 + number


def test_a_command_may_answer_a_signal_itself(settled: House) -> None:
    script = "trap 'echo goodbye; exit 3' TERM; echo ready; while :; do sleep 0.05; done"
    run = settled.begin("run", "--", "sh", "-c", script)
    run.word("ready")
    run.process.terminate()
    assert run.finish() == (3, "goodbye\n")


def test_input_and_output_are_the_commands_own(settled: House) -> None:
    done = settled.type("three\nlines\nof text\n", "run", "--", "cat")
    assert (done.returncode, done.stdout, done.stderr) == (0, "three\nlines\nof text\n", "")


def test_a_terminal_stays_a_terminal(settled: House) -> None:
    parent, child = pty.openpty()
    script = "import sys; print(sys.stdin.isatty(), sys.stdout.isatty())"
    with subprocess.Popen(
        [str(AUTHSOME), "run", "--", PYTHON, "-c", script],
        env=settled.environment,
        stdin=child,
        stdout=child,
        stderr=child,
    ) as process:
        os.close(child)
        assert process.wait(30) == 0
    assert b"True True" in os.read(parent, 1_000)
    os.close(parent)


def test_what_is_typed_at_a_terminal_reaches_the_command_once(settled: House) -> None:
    script = (
        "import signal, sys, time\n"
        "seen = []\n"
        "signal.signal(signal.SIGINT, lambda *_: seen.append(1))\n"
        "print('ready', flush=True)\n"
        "while not seen: time.sleep(0.02)\n"
        "time.sleep(0.7)\n"
        "sys.exit(10 + len(seen))\n"
    )
    child, terminal = pty.fork()
    if child == 0:
        os.execve(str(AUTHSOME), ["authsome", "run", "--", PYTHON, "-c", script], settled.environment)
    said = b""
    while b"ready" not in said:
        said += os.read(terminal, 1_000)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 11


def test_arguments_are_passed_on_and_never_sent(settled: House) -> None:
    done = settled.command("run", "--", "printf", "%s|", "--json", "-x", "a b", "s3cret-argument", check=True)
    assert done.stdout == "--json|-x|a b|s3cret-argument|"
    files = [path for path in (settled.home / "server").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"s3cret-argument" in path.read_bytes()]


@pytest.mark.parametrize(
    ("command", "code"),
    [(["no-such-command-here"], 127), (["/no/such/file"], 127), (["/etc/passwd"], 126), (["/etc"], 126)],
)
def test_what_cannot_be_run_is_said_as_env_says_it(settled: House, command: list[str], code: int) -> None:
    done = settled.command("run", "--", *command)
    assert done.returncode == code
    assert "next:" in done.stderr


def test_a_refusal_before_the_command_began_is_no_exit_code_of_it(settled: House, tmp_path: Path) -> None:
    done = settled.at(tmp_path, "run", "--", "true")
    assert done.returncode == 125
    assert "authsome onboard" in done.stderr
    settled.at(tmp_path, "onboard", "--no-wait", check=True)
    done = settled.at(tmp_path, "run", "--", "true")
    assert done.returncode == 125
    assert "claimed" in done.stderr


def test_a_plain_address_of_another_machine_is_refused_before_anything_is_sent(settled: House) -> None:
    done = settled.command("run", "--", "echo", "begun", AUTHSOME_BASE_URL="http://192.0.2.1:7998")
    assert (done.returncode, done.stdout) == (125, "")
    assert "https://" in done.stderr


def test_nothing_of_a_run_stays_behind(settled: House, tmp_path: Path) -> None:
    script = "import os; print(os.path.dirname(os.environ['SSL_CERT_FILE']))"
    done = settled.command("run", "--", PYTHON, "-c", script, check=True, TMPDIR=str(tmp_path))
    folder = Path(done.stdout.strip())
    assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_token_is_worth_nothing_after_the_run(settled: House) -> None:
    seen = settled.command(
        "run", "--", "sh", "-c", "echo $https_proxy; cat $SSL_CERT_FILE", check=True
    ).stdout
    proxy, _, roots = seen.partition("\n")
    assert "BEGIN CERTIFICATE" in roots
    bundle = settled.agents / "roots.pem"
    bundle.write_text(roots)
    done = subprocess.run(
        ["curl", "-sS", "-D", "-", "--noproxy", "", "-x", proxy, "--cacert", str(bundle), settled.api.url],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert "x-authsome-error: run_token_invalid" in done.stdout.lower()


def test_a_stream_arrives_as_it_is_sent(settled: House) -> None:
    script = (
        "import httpx, sys, time\n"
        "with httpx.stream('GET', sys.argv[1], timeout=30) as answer:\n"
        "    came = [time.monotonic() for line in answer.iter_lines() if line]\n"
        "print(came[-1] - came[0])\n"
    )
    done = settled.command("run", "--", PYTHON, "-c", script, f"{settled.api.url}/stream", check=True)
    assert float(done.stdout) > 1  # sent 1.5 s apart; held back, they would come together


def test_a_run_goes_on_when_the_server_is_gone_and_says_so_at_its_end(tmp_path: Path) -> None:
    house = House(tmp_path)
    try:
        house.start()
        house.set_up()
        house.onboard()
        run = house.begin("run", "--", "sh", "-c", "echo ready; sleep 2; exit 4")
        run.word("ready")
        house.kill()
        code, said = run.finish()
    finally:
        house.close()
    assert code == 4
    assert "could not be reported" in said


def test_the_proxy_learns_of_a_revocation_before_the_next_request(settled: House, tmp_path: Path) -> None:
    name = "to-be-revoked"
    made = json.loads(settled.type(KEY, "connections", "add", "demo", "--name", name, "--json").stdout)
    settled.onboard(made["id"], home=tmp_path)
    go, url = tmp_path / "go", settled.api.url
    curl = f"curl -sS -o /dev/null -w '%{{http_code}}\\n' {url}/hello"
    script = f"{curl}; echo first; while [ ! -e {go} ]; do sleep 0.05; done; {curl} 2>&1; true"
    run = settled.begin("run", "--", "sh", "-c", script, **settled.apart(tmp_path))
    assert run.word("200") == "200"
    assert settled.ask("connections", "revoke", f"demo/{name}")["ended"]["name"] == name
    go.touch()
    code, said = run.finish()
    assert code == 0
    assert "200" not in said


def test_a_stopped_run_does_not_wait_for_its_lease(settled: House) -> None:
    began = time.monotonic()
    settled.command("run", "--", "true", check=True)
    assert time.monotonic() - began < 10
    eventually(lambda: settled.command("status").returncode == 0)
