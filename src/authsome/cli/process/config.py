"""The server's settings, read by a command in its own process."""

from __future__ import annotations

from pydantic import ValidationError

from authsome.kit.errors import InvalidError
from authsome.server.config import ServerConfig


class ConfigInvalid(InvalidError):
    """A setting of the server is malformed."""

    code = "config_invalid"
    hint = "correct the environment variable and start again; docs/reference/configuration.md lists them"


def read_config() -> ServerConfig:
    """The settings from the environment. Raises `ConfigInvalid`, naming variables but no values."""
    try:
        return ServerConfig()
    except ValidationError as error:
        wrong = (f"{_variable(e['loc'])}: {e['msg']}" for e in error.errors(include_input=False))
        raise ConfigInvalid("; ".join(wrong)) from None


def _variable(where: tuple[int | str, ...]) -> str:
    name = str(where[0]) if where else "base_url"
    return name.upper() if name.upper().startswith("AUTHSOME") else f"AUTHSOME_{name.upper()}"
