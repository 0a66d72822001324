"""Loopback under `authsome run`, and the clients of other languages: which way each one goes."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.cli.house import KEY, House

NODE, GO = shutil.which("node"), shutil.which("go")
NAME = socket.gethostname()
HTTPX = (sys.executable, "-c", "import httpx, sys; print(httpx.get(sys.argv[1]).text)")
REQUESTS = (sys.executable, "-c", "import requests, sys; print(requests.get(sys.argv[1]).text)")
URLLIB = (
    sys.executable,
    "-c",
    "import urllib.request, sys; print(urllib.request.urlopen(sys.argv[1]).read().decode())",
)
CURL = ("curl", "-sS")
FETCH = "fetch(process.argv[1]).then(async (r) => console.log(r.status, await r.text()))"


def node_version() -> tuple[int, int]:
    """Major and minor; (0, 0) without Node."""
    if NODE is None:
        return (0, 0)
    found = re.match(r"v(\d+)\.(\d+)", subprocess.run([NODE, "-v"], capture_output=True, text=True).stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


VERSION = node_version()
# nodejs.org/api/cli.html: NODE_USE_ENV_PROXY came with 24.0 and was taken back to 22.21.
READS_PROXY = VERSION >= (24, 0) or (22, 21) <= VERSION < (23, 0)
REQUIRED = os.environ.get("AUTHSOME_REQUIRE_NODE") == "1"

with_node = pytest.mark.skipif(
    NODE is None and not REQUIRED, reason="NO NODE HERE: nothing about it is tested"
)


class Local(BaseHTTPRequestHandler):
    """A service of the agent's own. It says what it was told."""

    def do_GET(self) -> None:
        said = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def local() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Local) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize(
    "client", [CURL, HTTPX, REQUESTS, URLLIB], ids=["curl", "httpx", "requests", "urllib"]
)
def test_a_local_service_is_reached_directly_and_told_nothing(
    settled: House, local: int, client: tuple[str, ...]
) -> None:
    done = settled.command("run", "--", *client, f"http://127.0.0.1:{local}/", check=True)
    told = json.loads(done.stdout)
    assert not {"authorization", "proxy-authorization"} & set(told)


@pytest.mark.parametrize("client", [CURL, HTTPX, REQUESTS], ids=["curl", "httpx", "requests"])
def test_a_loopback_name_that_a_connection_covers_means_the_gateway_on_all_its_ports(
    settled: House, local: int, client: tuple[str, ...]
) -> None:
    done = settled.command("run", "--", *client, f"http://localhost:{local}/")
    assert "plain_http_refused" in done.stdout


@with_node
def test_node_trusts_the_gateway(settled: House) -> None:
    script = """
      const proxy = new URL(process.env.https_proxy), target = new URL(process.argv[1]);
      const auth = 'Basic ' + Buffer.from(proxy.username + ':' + proxy.password).toString('base64');
      require('http').request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: target.host,
        headers: { 'Proxy-Authorization': auth } }).on('connect', (_, socket) => {
          require('https').get(target, { agent: false, socket }, (answer) => answer.pipe(process.stdout));
      }).end();"""
    done = settled.command("run", "--", str(NODE), "-e", script, f"{settled.api.url}/hello")
    assert "you are known here" in done.stdout, done.stderr


@with_node
@pytest.mark.skipif(not READS_PROXY, reason=f"Node {VERSION} reads no proxy variable; 22.21 and 24 do")
@pytest.mark.parametrize(
    "script",
    [FETCH, "require('https').get(process.argv[1], (r) => r.pipe(process.stdout))"],
    ids=["fetch", "https"],
)
def test_node_that_reads_the_proxy_variables_reaches_the_provider(settled: House, script: str) -> None:
    done = settled.command("run", "--", str(NODE), "-e", script, f"{settled.api.url}/hello")
    assert "you are known here" in done.stdout, done.stderr
    assert KEY not in done.stdout + done.stderr


@with_node
@pytest.mark.skipif(not READS_PROXY, reason=f"Node {VERSION} reads no proxy variable; 22.21 and 24 do")
def test_node_reaches_a_local_service_directly_and_tells_it_nothing(settled: House, local: int) -> None:
    done = settled.command("run", "--", str(NODE), "-e", FETCH, f"http://127.0.0.1:{local}/", check=True)
    assert done.stdout.startswith("200 ")
    assert "authorization" not in done.stdout


GO_PROGRAM = """package main
import ("fmt"; "io"; "net/http"; "os")
func main() {
  answer, err := http.Get(os.Args[1])
  if err != nil { fmt.Println(err); os.Exit(1) }
  body, _ := io.ReadAll(answer.Body)
  fmt.Println(answer.StatusCode, string(body))
}
"""


def resolves_here() -> bool:
    try:
        return socket.gethostbyname(NAME).startswith("127.")
    except OSError:
        return False


@pytest.fixture
def named(tmp_path: Path) -> Iterator[House]:
    """A settled house whose provider has a name that is not a loopback one, though it leads there."""
    house = House(tmp_path, api_host=NAME)
    house.start()
    house.set_up()
    house.sign_in()
    house.onboard(house.connect())
    yield house
    house.close()


with_go = pytest.mark.skipif(GO is None, reason="NO GO HERE: nothing about it is tested")


@with_go
@pytest.mark.skipif(not resolves_here(), reason="this machine's name does not lead to its loopback")
def test_go_reaches_the_provider(named: House, tmp_path: Path) -> None:
    done = named.command("run", "--", build(tmp_path), f"{named.api.url}/hello")
    assert "you are known here" in done.stdout, done.stdout + done.stderr


@with_go
def test_go_never_asks_the_proxy_for_a_loopback_name(settled: House, tmp_path: Path) -> None:
    done = settled.command("run", "--", build(tmp_path), f"{settled.api.url}/hello")
    assert "certificate" in done.stdout  # it went to the provider itself, whose authority it does not trust


def build(folder: Path) -> str:
    (folder / "get.go").write_text(GO_PROGRAM)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GO111MODULE": "off"}
    made = [str(GO), "build", "-o", str(folder / "get"), str(folder / "get.go")]
    subprocess.run(made, env=environment, check=True, timeout=300)
    return str(folder / "get")
