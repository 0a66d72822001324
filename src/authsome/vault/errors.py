"""How vaults and the installation key refuse."""

from __future__ import annotations

from authsome.kit.errors import BrokenError, InvalidError


class InstallationKeyInvalid(InvalidError):
    """The installation key is not 32 bytes in base64."""

    code = "installation_key_invalid"
    hint = "make one with `head -c 32 /dev/urandom | base64`, or set none and let the first start make it"


class InstallationKeyUnreadable(BrokenError):
    """The file with the installation key cannot be used."""

    code = "installation_key_unreadable"
    hint = "give the file to the server's user and to nobody else: `chmod 600 FILE`"


class InstallationKeyWrong(BrokenError):
    """The secrets in this database were sealed under another installation key."""

    code = "installation_key_wrong"
    hint = "start with the key that this installation had; its secrets cannot be opened without it"


class SealBroken(BrokenError):
    """A sealed secret does not open: it was changed, moved, or sealed under another key."""

    code = "seal_broken"
    hint = "connect the provider again; restore the database if it happens to more than one connection"
