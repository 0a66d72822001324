"""The folders of an installation on this machine, and the name of its server."""

from __future__ import annotations

import os
from pathlib import Path

from authsome.kit.ids import Ids


def private_folder(path: Path) -> None:
    """Make a folder that only its owner can enter; one that is open to others is closed."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.stat().st_mode & 0o077:
        os.chmod(path, 0o700)


def lasting_id(path: Path, ids: Ids) -> str:
    """The id of the server of this home, the same after every restart.

    Leases are held under it: a server that was killed takes its own up again at once, where a new name would
    have to wait until they run out. That only one server runs in a home is the home's lock's part.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}")
        draft.write_text(ids.new("prc"), encoding="ascii")
        draft.replace(path)
    return path.read_text(encoding="ascii").strip()
