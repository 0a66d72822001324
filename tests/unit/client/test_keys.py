"""Key files: private, whole, and never overwritten by accident."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from authsome.client.errors import KeyDamaged, KeyExists, KeyExposed, KeyMissing
from authsome.client.keys import (
    NAME,
    find_key,
    forget_key,
    load_key,
    new_key,
    put_key_aside,
    replace_key,
    save_key,
)
from authsome.identity.did import public_key


def test_a_saved_key_is_the_same_key_when_it_is_loaded(tmp_path: Path) -> None:
    key = new_key()
    save_key(tmp_path / "identity", key)
    loaded = load_key(tmp_path / "identity")
    assert loaded.did == key.did
    public_key(key.did).verify(loaded.sign(b"words"), b"words")


def test_a_key_is_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = save_key(tmp_path / "home" / "identity", new_key())
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_others_could_enter_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "identity"
    folder.mkdir(mode=0o755)
    save_key(folder, new_key())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o602, 0o644, 0o666])
def test_a_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    save_key(tmp_path, new_key()).chmod(mode)
    with pytest.raises(KeyExposed):
        load_key(tmp_path)


def test_a_key_is_not_overwritten(tmp_path: Path) -> None:
    first = new_key()
    save_key(tmp_path, first)
    with pytest.raises(KeyExists):
        save_key(tmp_path, new_key())
    assert load_key(tmp_path).did == first.did
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_of_many_that_save_at_once_one_wins_and_the_file_is_whole(tmp_path: Path) -> None:
    keys = [new_key() for _ in range(8)]
    won: list[str] = []

    def save(index: int) -> None:
        try:
            save_key(tmp_path, keys[index])
        except KeyExists:
            return
        won.append(keys[index].did)

    threads = [threading.Thread(target=save, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [load_key(tmp_path).did]


def test_a_key_put_aside_is_kept(tmp_path: Path) -> None:
    first, second = new_key(), new_key()
    save_key(tmp_path, first)
    aside = put_key_aside(tmp_path)
    save_key(tmp_path, second)
    again = put_key_aside(tmp_path)
    assert aside is not None
    assert again is not None
    assert (aside.read_bytes(), again.read_bytes()) == (first.pem(), second.pem())
    assert put_key_aside(tmp_path) is None


def test_a_terminals_key_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    replace_key(tmp_path, new_key())
    second = new_key()
    path = replace_key(tmp_path, second)
    assert load_key(tmp_path).did == second.did
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    forget_key(tmp_path)
    assert find_key(tmp_path) is None


def test_no_key_is_said_so(tmp_path: Path) -> None:
    assert find_key(tmp_path) is None
    with pytest.raises(KeyMissing):
        load_key(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"\xff" * 10_000,
    ],
)
def test_a_damaged_file_is_said_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyDamaged):
        load_key(tmp_path)


def test_a_pipe_in_the_keys_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME, 0o600)
    with pytest.raises(KeyDamaged):
        load_key(tmp_path)


def test_a_key_never_prints_itself() -> None:
    key = new_key()
    assert "PRIVATE" not in repr(key)
    assert repr(key) == f"Key(did='{key.did}')"
