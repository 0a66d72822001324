"""Plain files of people: read within bounds and never through a link, and rewritten whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from authsome.kit.errors import ConflictError
from authsome.kit.ids import SystemEntropy

LARGEST = 256 * 1024


class FileLeftAlone(ConflictError):
    """A file was not read or changed."""

    code = "file_left_alone"
    hint = "look at it yourself"


def read_plain(path: Path) -> bytes:
    """The content of a regular file. Raises `FileLeftAlone`, or `OSError`.

    The open file is looked at and not its name: a link could lead anywhere, and a pipe would never end.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        if path.is_symlink():
            raise FileLeftAlone(f"{path} is a link, and links are not followed") from None
        raise error
    with os.fdopen(_plain(handle, path), "rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise FileLeftAlone(f"{path} is longer than {LARGEST // 1024} KiB")
    return content


def _plain(handle: int, path: Path) -> int:
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise FileLeftAlone(f"{path} is not a plain file")


def rewrite(path: Path, content: bytes, *, instead_of: bytes) -> None:
    """Put `content` in the file's place in one step, with its mode and owner. Raises `FileLeftAlone`.

    No copy of the old content is kept. A file that has a second name would keep it there, so it is left
    alone, and so is one that has changed since it was read.
    """
    if read_plain(path) != instead_of:
        raise FileLeftAlone(f"{path} has changed meanwhile")
    about = path.lstat()
    if about.st_nlink > 1:
        raise FileLeftAlone(f"{path} has another name as well, under which its content would stay")
    draft = path.with_name(f".{path.name[:40]}.{SystemEntropy().bytes(8).hex()}")
    try:
        _write(draft, content, about)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(draft: Path, content: bytes, about: os.stat_result) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        if (about.st_uid, about.st_gid) != (os.geteuid(), os.getegid()):
            os.fchown(handle, about.st_uid, about.st_gid)
        os.fchmod(handle, stat.S_IMODE(about.st_mode))
        file.write(content)
        file.flush()
        os.fsync(handle)
