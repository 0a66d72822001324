"""A file is read within bounds and rewritten whole, with its mode, or left alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from authsome.cli.files.plain import LARGEST, FileLeftAlone, read_plain, rewrite


def test_a_file_keeps_its_mode_and_no_draft_stays(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"KEY=sk-1\n")
    path.chmod(0o640)
    rewrite(path, b"# gone\n", instead_of=b"KEY=sk-1\n")
    assert path.read_bytes() == b"# gone\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [one.name for one in tmp_path.iterdir()] == [".env"]


def test_one_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"KEY=sk-2\n")
    with pytest.raises(FileLeftAlone):
        rewrite(path, b"", instead_of=b"KEY=sk-1\n")
    assert path.read_bytes() == b"KEY=sk-2\n"


def test_one_with_a_second_name_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"KEY=sk-1\n")
    (tmp_path / "twin").hardlink_to(path)
    with pytest.raises(FileLeftAlone, match="another name"):
        rewrite(path, b"", instead_of=b"KEY=sk-1\n")


def test_links_pipes_folders_and_long_files_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"KEY=sk-1\n")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long").write_bytes(b"x" * (LARGEST + 1))
    for name in ("link", "pipe", "long", "."):
        with pytest.raises(FileLeftAlone):
            read_plain(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "none")
