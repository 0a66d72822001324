"""A file is there whole, private, or as it was before."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from authsome.cli.exporting.whole import whole_file
from authsome.cli.refusal import FileUnusable


def test_it_is_there_at_the_end_and_only_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("before")
    path.chmod(0o644)
    with whole_file(path) as draft:
        draft.write_text("after")
        assert path.read_text() == "before"
        assert stat.S_IMODE(draft.parent.stat().st_mode) == 0o700
    assert path.read_text() == "after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["facts.csv"]


def fail_in(draft: Path) -> None:
    draft.write_text("half")
    raise ZeroDivisionError


def test_what_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("before")
    with pytest.raises(ZeroDivisionError), whole_file(path) as draft:
        fail_in(draft)
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["facts.csv"]


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    link.symlink_to(target)
    with whole_file(link) as draft:
        draft.write_text("facts")
    assert link.is_symlink()
    assert target.read_text() == "facts"


@pytest.mark.parametrize("name", ["/dev/null", "pipe", "folder"])
def test_what_is_no_file_is_not_replaced_by_one(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    path = tmp_path / name
    before = path.stat()
    with pytest.raises(FileUnusable), whole_file(path):
        raise AssertionError("nothing is written")
    assert path.stat().st_ino == before.st_ino
