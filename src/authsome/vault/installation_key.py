"""The installation key: 32 bytes that open every vault, kept outside the database.

It comes from the environment, from a named file (a mounted secret), or from a file that the first start
makes. Nothing else is ever encrypted with it directly: each purpose has a key derived from it (RFC 5869).
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from authsome.kit.ids import Entropy
from authsome.kit.secret import Secret
from authsome.vault.errors import InstallationKeyInvalid, InstallationKeyUnreadable

KEY_BYTES = 32
_LONGEST_FILE = 4096
_OTHERS, _GROUP = stat.S_IRWXO, stat.S_IRWXG


class InstallationKey:
    """Holds SECRET bytes; its repr shows the key's id only."""

    __slots__ = ("_derived", "_raw", "key_id")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise InstallationKeyInvalid
        self._raw = raw
        self._derived: dict[str, bytes] = {}  # purposes are few and fixed
        # Derived like any other key, so that the id says nothing about the key it names.
        self.key_id = self.derive("key id")[:8].hex()

    def derive(self, purpose: str) -> bytes:
        """32 SECRET bytes for one purpose, the same each time and unrelated to those of any other."""
        if purpose not in self._derived:
            info = b"authsome/v1/" + purpose.encode()
            hkdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info)
            self._derived[purpose] = hkdf.derive(self._raw)
        return self._derived[purpose]

    def __repr__(self) -> str:
        return f"InstallationKey({self.key_id})"


def load(value: Secret | None, file: Path | None, *, default_file: Path, entropy: Entropy) -> InstallationKey:
    """The key from `value` (base64), else from `file`, else from `default_file`, which is made if missing.

    Raises `InstallationKeyInvalid` or `InstallationKeyUnreadable`. Two sources at once are refused: which of
    them counts would decide whether the vaults open.
    """
    if value is not None and file is not None:
        raise InstallationKeyInvalid(
            "two installation keys are set", hint="set AUTHSOME_INSTALLATION_KEY or …_FILE, not both"
        )
    if value is not None:
        return decode(value)
    if file is not None:
        return decode(_read(file, forbidden=_OTHERS | stat.S_IWGRP | stat.S_IXGRP))
    if not default_file.exists():
        _make(default_file, entropy)
    return decode(_read(default_file, forbidden=_OTHERS | _GROUP))


def decode(text: Secret) -> InstallationKey:
    """Base64 of 32 bytes, standard or URL-safe, with or without padding. Raises `InstallationKeyInvalid`."""
    plain = text.reveal().strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InstallationKeyInvalid from None
    return InstallationKey(raw)


def _read(file: Path, *, forbidden: int) -> Secret:
    """The text of a regular file that others cannot reach, checked after opening: it cannot be swapped."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise InstallationKeyUnreadable(f"{file} cannot be opened: {error.strerror}") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise InstallationKeyUnreadable(f"{file} is not a regular file")
        if mode & forbidden:
            raise InstallationKeyUnreadable(f"{file} can be reached by other users of this machine")
        content = os.read(descriptor, _LONGEST_FILE)
    finally:
        os.close(descriptor)
    try:
        return Secret(content.decode("ascii"))
    except UnicodeDecodeError:
        raise InstallationKeyInvalid(f"{file} does not hold base64 text") from None


def _make(file: Path, entropy: Entropy) -> None:
    """Write a fresh key under a name of its own and link it into place: it appears whole or not at all.

    Two servers that start together make two keys; the link of the second fails, and it reads the first's.
    """
    draft = file.with_name(f".{file.name}.{entropy.bytes(8).hex()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(base64.b64encode(entropy.bytes(KEY_BYTES)) + b"\n")
            stream.flush()
            os.fsync(descriptor)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
        _sync_folder(file.parent)
    except OSError as error:
        raise InstallationKeyUnreadable(f"{file} cannot be made: {error.strerror}") from None


def _sync_folder(folder: Path) -> None:
    # Without this a power cut may keep the database, sealed under the key, and lose the key's name.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
