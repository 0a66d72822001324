"""A new key for an agent: in one command, and whatever is lost on the way."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from authsome.cli.rotation import rotate
from authsome.client.address import Address, read_address
from authsome.client.errors import ClientError, KeyMissing, ServerNotRunning
from authsome.client.http import Client
from authsome.client.keys import NEXT, Key, find_key, load_key, new_key, save_key
from tests.e2e.cli.house import House

Connect = Callable[[Key], Client]


@contextmanager
def answers_lost(server: Address, *, of: str) -> Iterator[Address]:
    """A way to the server on which the answers to some requests are lost; the server does its part."""
    listener = socket.create_server(("127.0.0.1", 0))

    def forward(client: socket.socket) -> None:
        with client, socket.create_connection((server.host, server.port)) as upstream:
            request = client.recv(65_536)
            client.settimeout(0.2)
            while not request.endswith(b"}") and b"content-length" in request.lower():
                request += client.recv(65_536)
            upstream.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            answer = b""
            while part := upstream.recv(65_536):
                answer += part
            if of.encode() not in request.split(b"\r\n")[0]:
                client.sendall(answer)

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=forward, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield Address("http", "127.0.0.1", listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def by_way_of(house: House, via: Address | None = None) -> Connect:
    return lambda key: Client(read_address(house.base_url), key, via=via, timeout=5)


def test_the_handle_stays_and_the_old_key_is_refused(settled: House, tmp_path: Path) -> None:
    handle = settled.onboard(home=tmp_path)
    folder = tmp_path / "identity"
    old = load_key(folder)
    made = json.loads(settled.at(tmp_path, "rotate-key", "--json", check=True).stdout)
    new = load_key(folder)
    assert (made["id"], made["did"]) == (handle, new.did)
    assert new.did != old.did
    assert sorted(path.name for path in folder.iterdir()) == ["key.pem"]
    assert (folder / "key.pem").stat().st_mode & 0o777 == 0o600
    assert json.loads(settled.at(tmp_path, "whoami", "--json", check=True).stdout)["id"] == handle
    copied = tmp_path / "copy" / "identity"
    save_key(copied, old)
    refused = settled.at(tmp_path / "copy", "whoami", "--json")
    assert refused.returncode == 4
    assert json.loads(refused.stderr)["error"] == "key_retired"
    assert settled.at(tmp_path / "copy", "onboard", "--no-wait").returncode == 4
    assert "has a new key" in settled.at(tmp_path, "rotate-key", check=True).stdout


def test_an_answer_lost_is_asked_for_with_the_new_key(settled: House, tmp_path: Path) -> None:
    handle = settled.onboard(home=tmp_path)
    folder = tmp_path / "identity"
    with answers_lost(read_address(settled.base_url), of="/api/key-rotations") as via:
        known = rotate(folder, by_way_of(settled, via))
    assert (known["id"], known["did"]) == (handle, load_key(folder).did)
    assert find_key(folder, NEXT) is None


def test_cut_off_after_the_server_agreed_the_next_call_finishes(settled: House, tmp_path: Path) -> None:
    handle = settled.onboard(home=tmp_path)
    folder = tmp_path / "identity"
    old = load_key(folder)
    gone = by_way_of(settled, Address("http", "127.0.0.1", 1))

    with answers_lost(read_address(settled.base_url), of="/api/key-rotations") as via:
        lossy = by_way_of(settled, via)
        with pytest.raises(ServerNotRunning):
            rotate(folder, lambda key: lossy(key) if key.did == old.did else gone(key))
    new = load_key(folder, NEXT)
    refused = settled.at(tmp_path, "whoami")
    assert refused.returncode == 4
    assert "authsome rotate-key" in refused.stderr
    settled.at(tmp_path, "rotate-key", check=True)
    assert load_key(folder).did == new.did
    assert json.loads(settled.at(tmp_path, "whoami", "--json", check=True).stdout)["id"] == handle


def test_cut_off_before_the_server_was_asked_the_same_next_key_is_used(
    settled: House, tmp_path: Path
) -> None:
    settled.onboard(home=tmp_path)
    folder, left = tmp_path / "identity", new_key()
    save_key(folder, left, NEXT)
    assert rotate(folder, by_way_of(settled))["did"] == left.did


def test_a_next_key_that_is_another_identitys_is_put_aside(settled: House, tmp_path: Path) -> None:
    settled.onboard(home=tmp_path / "other")
    handle = settled.onboard(home=tmp_path)
    folder, other = tmp_path / "identity", load_key(tmp_path / "other" / "identity")
    save_key(folder, other, NEXT)
    assert rotate(folder, by_way_of(settled))["id"] == handle
    assert load_key(folder, "key-1.pem").did == other.did


def test_what_nobody_has_claimed_does_not_rotate_and_keeps_its_key(settled: House, tmp_path: Path) -> None:
    folder, key = tmp_path / "identity", new_key()
    with pytest.raises(KeyMissing):
        rotate(folder, by_way_of(settled))
    save_key(folder, key)
    with pytest.raises(ClientError, match="registered"):
        rotate(folder, by_way_of(settled))
    settled.at(tmp_path, "onboard", "--no-wait", check=True)
    refused = settled.at(tmp_path, "rotate-key", "--json")
    assert json.loads(refused.stderr)["error"] == "identity_unclaimed"
    assert load_key(folder).did == key.did
