"""The steps of the demo, in the order in which a newcomer would take them."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import time
from pathlib import Path

from authsome.kit.clock import SystemClock
from authsome.kit.ids import SystemEntropy
from authsome.store.database import sqlite_url
from authsome.testing.https_api import HttpsApi
from authsome.testing.journey import Journey
from authsome.testing.sample_history import write_sample_history
from authsome.testing.stage import Stage, StepFailed
from authsome.vault.installation_key import load
from authsome.vault.seal import Keeper

EMAIL = "ada@demo.invalid"
COUNTING_SECONDS = 120.0
CURL = shutil.which("curl")
# What curl does, where there is none: any client that honours the proxy variables would do.
FETCH = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())"


class Demo:
    """One performance. `folder` holds everything and is thrown away afterwards."""

    def __init__(self, folder: Path) -> None:
        entropy = SystemEntropy()
        self._key = "demo-key-" + entropy.bytes(16).hex()
        self._folder = folder
        self._api = HttpsApi(folder / "provider", self._key)
        self._stage = Stage(
            folder / "home",
            AUTHSOME_PORT="0",
            AUTHSOME_PROXY_PORT="0",
            AUTHSOME_TELEMETRY="local",
            AUTHSOME_UPSTREAM_CA_FILE=str(self._api.ca_file),
        )
        self._ada = Journey(self._stage, email=EMAIL, password="demo-" + entropy.bytes(9).hex())

    def perform(self) -> None:
        """All steps. Raises `StepFailed` or `PageRefused` at the first that fails."""
        self._start()
        connection_id = self._connect()
        self._onboard(connection_id)
        self._show_request()
        self._show_refusal()
        self._show_environment()
        self._fill_history()
        self._show_dashboard()

    def serve(self) -> None:
        """Stay until somebody interrupts."""
        print("\nServing until you press Ctrl-C.", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
        print("\nStopping.")

    def close(self) -> None:
        """Stop the server and the provider."""
        self._ada.end()
        self._api.close()

    def server_log(self) -> str:
        log = self._stage.home / "server" / "server.log"
        return log.read_text(encoding="utf-8")[-4000:] if log.exists() else ""

    def _start(self) -> None:
        say("Starting a gateway in a home of its own")
        self._ada.begin()
        show(f"{self._ada.base_url} is up, and {EMAIL} is its first principal")

    def _connect(self) -> str:
        say("Connecting a provider: an HTTPS server here that answers to one key only")
        self._ada.sign_in()
        self._ada.add_provider(self._api, self._folder)
        connection_id = self._ada.connect("demo", self._key)
        show("the key is sealed in the vault; no command and no page shows it again")
        return connection_id

    def _onboard(self, connection_id: str) -> None:
        say("Onboarding an agent, which a person claims on a page")
        handle = self._ada.onboard(self._stage, label="demo agent", connection_ids=[connection_id])
        show(f"{handle} is claimed and may use the connection")

    def _show_request(self) -> None:
        url = f"{self._api.url}/hello"
        command = ["curl", "-sS", "--fail-with-body", url] if CURL else [sys.executable, "-c", FETCH, url]
        say(f"authsome run -- {'curl' if CURL else 'python -c …'} {url}")
        answer = self._stage.run("run", "--", *command)
        if "you are known here" not in answer:
            raise StepFailed(f"the provider did not know the request: {answer}")
        show(answer.strip())

    def _show_refusal(self) -> None:
        url = "https://example.org/"
        command = ["curl", "-sS", "-D", "-", url] if CURL else [sys.executable, "-c", FETCH, url]
        say(f"authsome run -- {'curl' if CURL else 'python -c …'} {url}  (a host that nobody granted)")
        done = self._stage.attempt("run", "--", *command)
        said = (done.stdout + done.stderr).splitlines()
        # curl shows the header that says why; others show the status at least.
        reason = [line for line in said if "X-Authsome-Error" in line] or [
            line for line in said if "403" in line
        ]
        if done.returncode == 0 or not reason:
            raise StepFailed(f"the request should have been refused with a reason: {done.stdout}")
        show(f"refused: {reason[-1].strip()}")

    def _show_environment(self) -> None:
        say("authsome run -- env  (what the agent's command can see)")
        seen = self._stage.run("run", "--", "env")
        if self._key in seen:
            raise StepFailed("the key is in the environment of the command")
        show(f"{len(seen.splitlines())} variables, and the key is in none of them")

    def _fill_history(self) -> None:
        say("Filling in a sample history, so that the charts have something to show")
        admin_id = self._stage.ask("principals", "list")[0]["id"]
        # Not beside a running server: it would sweep up what seems to have expired months ago.
        self._stage.run("down")
        server = self._stage.home / "server"
        entropy = SystemEntropy()
        key = load(None, None, default_file=server / "installation.key", entropy=entropy)
        made = asyncio.run(
            write_sample_history(
                sqlite_url(server),
                Keeper(key, entropy),
                admin_id=admin_id,
                until=SystemClock().now(),
                progress=bar,
            )
        )
        self._stage.run("up")
        show(f"{made} made-up people at sample.invalid; none of them can sign in")

    def _wait_for_numbers(self) -> None:
        """A server that has just started still counts the sample; half a chart looks like a decline."""
        deadline = time.monotonic() + COUNTING_SECONDS
        while self._stage.ask("analytics", "show")["lag"]:
            if time.monotonic() > deadline:
                raise StepFailed("the sample history is still not counted")
            time.sleep(0.2)

    def _show_dashboard(self) -> None:
        say("authsome analytics show")
        self._wait_for_numbers()
        print(self._stage.run("analytics", "show", "--since", "90d"))
        page = self._ada.person.open(f"{self._ada.base_url}/analytics")
        if "Registered principals" not in page.text:
            raise StepFailed("the analytics page does not show its tiles")
        print("The dashboard, in a browser:")
        show(f"address   {self._ada.base_url}/analytics")
        show(f"e-mail    {EMAIL}")
        show(f"password  {self._ada.password}")


def say(text: str) -> None:
    print(f"\n▸ {text}", flush=True)


def show(text: str) -> None:
    print(f"    {text}", flush=True)


def bar(done: int, of: int) -> None:
    """Progress on one line where somebody is looking, and now and then a line where a log is kept."""
    filled = 30 * done // of
    line = f"    {'█' * filled}{'░' * (30 - filled)} {done} of {of}"
    if sys.stdout.isatty():
        print("\r" + line, end="" if done < of else "\n", flush=True)
    elif done % 80 == 0:
        print(line, flush=True)
