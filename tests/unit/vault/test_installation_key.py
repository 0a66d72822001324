"""The installation key comes from one place, whole, and from nobody else's file."""

from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.testing.clock import SeededEntropy
from authsome.vault.errors import InstallationKeyInvalid, InstallationKeyUnreadable
from authsome.vault.installation_key import InstallationKey, load

RAW = bytes(range(224, 256))
TEXT = base64.b64encode(RAW).decode()
ENTROPY = SystemEntropy()


def from_files(file: Path | None, default: Path) -> InstallationKey:
    return load(None, file, default_file=default, entropy=ENTROPY)


def key_file(path: Path, mode: int, text: str = TEXT) -> Path:
    path.write_text(text + "\n")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    "text", [TEXT, TEXT.rstrip("="), base64.urlsafe_b64encode(RAW).decode(), f" {TEXT}\n"]
)
def test_the_key_is_read_in_either_base64(text: str, tmp_path: Path) -> None:
    key = load(Secret(text), None, default_file=tmp_path / "none", entropy=ENTROPY)
    assert key.key_id == InstallationKey(RAW).key_id
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "abc", TEXT[:-4], TEXT + TEXT, "!" * 44, "é" * 43, "hunter2"])
def test_what_is_not_32_bytes_is_refused_without_being_shown(text: str, tmp_path: Path) -> None:
    with pytest.raises(InstallationKeyInvalid) as refused:
        load(Secret(text), None, default_file=tmp_path / "none", entropy=ENTROPY)
    assert not text or text not in f"{refused.value}{refused.value.next_step}"


def test_the_first_start_makes_a_private_file_and_the_next_reads_it(tmp_path: Path) -> None:
    default = tmp_path / "installation.key"
    made = from_files(None, default)
    assert stat.S_IMODE(default.stat().st_mode) == 0o600
    assert from_files(None, default).key_id == made.key_id
    assert [path.name for path in tmp_path.iterdir()] == ["installation.key"]


def test_servers_that_start_together_end_up_with_one_key(tmp_path: Path) -> None:
    default = tmp_path / "installation.key"
    with ThreadPoolExecutor(16) as pool:
        keys = list(pool.map(lambda _: from_files(None, default), range(16)))
    assert len({key.key_id for key in keys}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["installation.key"]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o666, 0o644])
def test_a_default_file_that_others_can_reach_is_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(InstallationKeyUnreadable, match="other users"):
        from_files(None, key_file(tmp_path / "k", mode))


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600, 0o640])
def test_a_mounted_file_may_be_readable_to_its_group(mode: int, tmp_path: Path) -> None:
    assert from_files(key_file(tmp_path / "k", mode), tmp_path / "d").key_id == InstallationKey(RAW).key_id


@pytest.mark.parametrize("mode", [0o644, 0o620, 0o602, 0o601])
def test_a_mounted_file_is_neither_open_to_all_nor_writable_to_the_group(mode: int, tmp_path: Path) -> None:
    with pytest.raises(InstallationKeyUnreadable):
        from_files(key_file(tmp_path / "k", mode), tmp_path / "d")


def test_a_file_that_cannot_hold_a_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstallationKeyUnreadable, match="cannot be opened"):
        from_files(tmp_path / "missing", tmp_path / "d")
    with pytest.raises(InstallationKeyUnreadable, match="regular"):
        from_files(tmp_path, tmp_path / "d")
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(InstallationKeyUnreadable, match="regular"):
        from_files(tmp_path / "pipe", tmp_path / "d")
    with pytest.raises(InstallationKeyInvalid):
        from_files(key_file(tmp_path / "long", 0o600, "A" * 10_000), tmp_path / "d")
    with pytest.raises(InstallationKeyUnreadable, match="cannot be made"):
        from_files(None, tmp_path / "no-folder" / "k")


def test_two_sources_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InstallationKeyInvalid, match="two"):
        load(Secret(TEXT), tmp_path / "k", default_file=tmp_path / "d", entropy=ENTROPY)


def test_each_purpose_has_a_key_of_its_own() -> None:
    key = InstallationKey(RAW)
    derived = {key.derive(purpose) for purpose in ("csrf", "addresses", "pseudonyms", "key id")}
    assert len(derived) == 4
    assert all(len(one) == 32 and RAW not in one for one in derived)
    assert key.derive("csrf") == InstallationKey(RAW).derive("csrf")
    assert key.derive("csrf") != InstallationKey(SeededEntropy(1).bytes(32)).derive("csrf")


def test_neither_repr_nor_id_shows_the_key() -> None:
    shown = f"{InstallationKey(RAW)!r} {InstallationKey(RAW).key_id}"
    assert RAW.hex()[:8] not in shown
    assert TEXT[:6] not in shown
