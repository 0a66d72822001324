"""Ed25519 keys in files: an agent's, and a signed-in terminal's.

PKCS #8 in PEM, unencrypted, mode 0600: whoever can read the file is the agent, as with SSH. A file that
others can read is refused instead of repaired, because nobody knows who read it before.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from authsome.client.errors import KeyDamaged, KeyExists, KeyExposed, KeyMissing
from authsome.identity.did import PREFIX, encode

NAME = "key.pem"
NEXT = "key-next.pem"  # made, and perhaps in force already: what a rotation leaves when it is cut off
LARGEST = 4_096


@dataclass(frozen=True, slots=True)
class Key:
    """A private key and the did that names its public half. The key itself is SECRET and never printed."""

    did: str
    _private: Ed25519PrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def pem(self) -> bytes:
        """SECRET: the whole key, for its file."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def new_key() -> Key:
    """A key that exists only in memory until it is saved."""
    return _key(Ed25519PrivateKey.generate())


def find_key(folder: Path, name: str = NAME) -> Key | None:
    """The key in `folder`, or None. Raises `KeyExposed` or `KeyDamaged`."""
    try:
        return load_key(folder, name)
    except KeyMissing:
        return None


def load_key(folder: Path, name: str = NAME) -> Key:
    """The key in `folder`. Raises `KeyMissing`, `KeyExposed` or `KeyDamaged`."""
    try:
        private = load_pem_private_key(_read_private(folder / name), None)
    except (ValueError, TypeError):
        raise KeyDamaged(f"{folder / name} does not hold an Ed25519 key") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyDamaged(f"{folder / name} does not hold an Ed25519 key")
    return _key(private)


def save_key(folder: Path, key: Key, name: str = NAME) -> Path:
    """Write a key that was not there before. Raises `KeyExists`; of two at once, one wins.

    The file gets its name only when it is complete, so that nobody can read half of it.
    """
    path, draft = folder / name, _draft(folder, key)
    try:
        os.link(draft, path)
    except FileExistsError:
        raise KeyExists(f"{path} exists already, and a key is not overwritten") from None
    finally:
        draft.unlink()
    _settle(folder)
    return path


def replace_key(folder: Path, key: Key) -> Path:
    """Write a key in the place of whatever is there: for a terminal's, which lives an hour."""
    return _draft(folder, key).replace(folder / NAME)


def promote_next_key(folder: Path) -> Path:
    """The next key becomes the key, in one step: there is one at every moment."""
    path = (folder / NEXT).replace(folder / NAME)
    _settle(folder)
    return path


def put_key_aside(folder: Path, name: str = NAME) -> Path | None:
    """Give the key in `folder` another name, so that a new one can be made; it is not destroyed."""
    path = folder / name
    number = 1
    while (aside := folder / f"key-{number}.pem").exists():
        number += 1
    try:
        path.rename(aside)
    except FileNotFoundError:
        return None
    return aside


def forget_key(folder: Path) -> None:
    """Delete the key in `folder`; for a terminal's, which is of no use after its session."""
    (folder / NAME).unlink(missing_ok=True)


def _key(private: Ed25519PrivateKey) -> Key:
    return Key(encode(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)), private)


def _read_private(path: Path) -> bytes:
    """The bytes of a file that only its owner can read. Looks at the open file, not at its name."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyMissing(f"there is no key at {path}") from None
    except PermissionError:
        raise KeyMissing(f"the key at {path} belongs to somebody else") from None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise KeyDamaged(f"{path} is not a file")
        if found.st_mode & 0o077 or found.st_uid not in (os.geteuid(), 0):
            raise KeyExposed(f"{path} can be read or written by others, so it must be taken for stolen")
        return file.read(LARGEST)


def _draft(folder: Path, key: Key) -> Path:
    """The key, complete, under a name of its own."""
    _private_folder(folder)
    draft = folder / f".{key.did.removeprefix(PREFIX)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(key.pem())
        file.flush()
        os.fsync(file.fileno())
    return draft


def _settle(folder: Path) -> None:
    """Names too survive a power cut: a key in force that has lost its name would be lost for good."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _private_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
