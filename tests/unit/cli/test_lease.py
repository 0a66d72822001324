"""A run is renewed for as long as its command goes on, through a server's restart, and no longer."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from authsome.cli.running.lease import Lease
from authsome.cli.waiting import WaitedTooLong, wait_for
from authsome.client.errors import ServerNotRunning
from authsome.client.http import Client
from authsome.client.keys import new_key, save_key
from tests.support.answering import serving
from tests.support.waiting import eventually

NOWHERE = Path("/nonexistent")


class Server:
    """Answers renewals with the statuses that it is given, then with 204."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.paths: list[str] = []
        self.lock = threading.Lock()

    def __call__(self, request: BaseHTTPRequestHandler, _body: bytes) -> tuple[int, dict[str, str], bytes]:
        with self.lock:
            self.paths.append(request.path)
            status = self.statuses.pop(0) if self.statuses else 204
        problem = {"code": "run_ended", "detail": "This run has ended.", "hint": "start another one"}
        return status, {}, json.dumps(problem).encode() if status >= 400 else b""


def test_it_renews_again_and_again_and_stops_with_the_command() -> None:
    server = Server()
    with serving(server) as address:
        with Lease(Client(address, new_key()), "run_1", every=0.05, key_folder=NOWHERE):
            eventually(lambda: len(server.paths) >= 3, within=10)
        time.sleep(0.1)
        renewed = len(server.paths)
        time.sleep(0.2)
    assert set(server.paths) == {"/api/runs/run_1/renew"}
    assert len(server.paths) == renewed


def test_a_run_that_the_server_ended_is_said_once(capfd: pytest.CaptureFixture[str]) -> None:
    server = Server(410)
    with (
        serving(server) as address,
        Lease(Client(address, new_key()), "run_1", every=0.05, key_folder=NOWHERE),
    ):
        eventually(lambda: server.paths, within=10)
        time.sleep(0.3)
    assert len(server.paths) == 1
    assert capfd.readouterr().err == ("authsome: This run has ended. Its requests are refused from now on.\n")


def test_a_server_that_is_busy_is_asked_again() -> None:
    server = Server(503)
    with (
        serving(server) as address,
        Lease(Client(address, new_key()), "run_1", every=0.05, key_folder=NOWHERE),
    ):
        eventually(lambda: len(server.paths) >= 2, within=20)


def test_a_key_that_was_replaced_meanwhile_is_taken_from_its_folder(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    new, signers = new_key(), []

    def answer(request: BaseHTTPRequestHandler, _body: bytes) -> tuple[int, dict[str, str], bytes]:
        signers.append(new.did in request.headers["signature-input"])
        problem = {"code": "key_retired", "detail": "This key was replaced.", "hint": ""}
        return (204, {}, b"") if signers[-1] else (403, {}, json.dumps(problem).encode())

    save_key(tmp_path, new)
    with (
        serving(answer) as address,
        Lease(Client(address, new_key()), "run_1", every=0.05, key_folder=tmp_path),
    ):
        eventually(lambda: True in signers, within=20)
    assert signers[0] is False
    assert capfd.readouterr().err == ""


def test_waiting_goes_on_while_a_server_restarts() -> None:
    answers = iter([ServerNotRunning(), None, "found"])

    def look() -> str | None:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert wait_for(look, what="for a test", seconds=30) == "found"


def test_waiting_ends() -> None:
    with pytest.raises(WaitedTooLong):
        wait_for(lambda: None, what="for nobody", seconds=0.1)
