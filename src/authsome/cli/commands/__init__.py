"""The commands, by who needs them: whoever runs a server, an agent, a person.

`SECTIONS` is what `authsome --help` prints, so that help imports no command; a test holds each line to the
command's own first line of help.
"""

from __future__ import annotations

from collections.abc import Mapping

from authsome.cli.lazy import Lazy

_HOST = "authsome.cli.commands.host"

SECTIONS: Mapping[str, Mapping[str, Lazy]] = {
    "Run a server": {
        "up": Lazy(f"{_HOST}.up", "Start the server on this machine."),
        "down": Lazy(f"{_HOST}.down", "Stop the server on this machine."),
        "status": Lazy(f"{_HOST}.status", "Say whether a server runs, and how."),
    },
}
