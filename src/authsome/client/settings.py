"""Where things lie and which server to talk to. The only module of the client that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from authsome.client.address import DEFAULT, Address, read_address
from authsome.client.server_file import ServerFile, find_server_file


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """The home, and the server: the one named in AUTHSOME_BASE_URL, else the one of this home."""

    home: Path
    base_url: str | None = None

    @property
    def identity_folder(self) -> Path:
        """Holds the agent's key."""
        return self.home / "identity"

    @property
    def terminal_folder(self) -> Path:
        """Holds the key of a signed-in terminal."""
        return self.home / "terminal"

    @property
    def server_folder(self) -> Path:
        """The server's, if it runs on this home; only its own user can look into it."""
        return self.home / "server"

    def local_server(self) -> ServerFile | None:
        """What a server on this home wrote down about itself."""
        return find_server_file(self.server_folder)

    def address(self) -> Address:
        """The server to talk to. Raises `AddressInvalid`."""
        if self.base_url:
            return read_address(self.base_url)
        local = self.local_server()
        return read_address(local.base_url if local else DEFAULT)


def read_settings(environment: Mapping[str, str] | None = None) -> ClientSettings:
    """AUTHSOME_HOME and AUTHSOME_BASE_URL; an empty value counts as none."""
    given = os.environ if environment is None else environment
    home = Path(given.get("AUTHSOME_HOME") or "~/.authsome").expanduser().absolute()
    return ClientSettings(home=home, base_url=given.get("AUTHSOME_BASE_URL") or None)
