"""The commands, by who needs them: whoever runs a server, an agent, a person.

`SECTIONS` is what `authsome --help` prints, so that help imports no command; a test holds each line to the
command's own first line of help.
"""

from __future__ import annotations

from collections.abc import Mapping

from authsome.cli.lazy import Lazy

_AGENT = "authsome.cli.commands.agent"
_PERSON = "authsome.cli.commands.person"
_HOST = "authsome.cli.commands.host"

SECTIONS: Mapping[str, Mapping[str, Lazy]] = {
    "As an agent": {
        "onboard": Lazy(
            f"{_AGENT}.onboard",
            "Make this agent's key and have a person claim it; find and import API keys that lie about.",
        ),
        "whoami": Lazy(f"{_AGENT}.whoami", "Say whose key is here, and in which state."),
        "rotate-key": Lazy(f"{_AGENT}.rotate_key", "Replace this agent's key by a new one."),
        "login": Lazy(f"{_AGENT}.login", "Connect a provider, on a page in the browser."),
        "access": Lazy(
            f"{_AGENT}.access", "Ask for access to a provider as an agent, or decide what agents ask for."
        ),
        "run": Lazy(f"{_AGENT}.run", "Run a command behind the gateway."),
    },
    "As a person": {
        "sign-in": Lazy(f"{_PERSON}.sign_in", "Let this terminal act as you, for an hour."),
        "sign-out": Lazy(f"{_PERSON}.sign_out", "End this terminal's session, and forget its key."),
        "identities": Lazy(
            f"{_PERSON}.identities", "List your agents, or open the page to release, revoke or erase one."
        ),
        "connections": Lazy(f"{_PERSON}.connections", "List your connections, make one, or end one."),
        "grants": Lazy(f"{_PERSON}.grants", "List which agent may use what, or open the page to change it."),
        "providers": Lazy(
            f"{_PERSON}.providers", "List the services that can be connected, or add, change or remove one."
        ),
    },
    "Run a server": {
        "up": Lazy(f"{_HOST}.up", "Start the server on this machine."),
        "down": Lazy(f"{_HOST}.down", "Stop the server on this machine."),
        "status": Lazy(f"{_HOST}.status", "Say whether a server runs, and how."),
        "principals": Lazy(
            f"{_HOST}.principals",
            "List the people of this installation, invite one, or change or help one. Admins only.",
        ),
        "admin": Lazy(
            f"{_HOST}.admin", "Help an admin who is locked out. As the server's user, on its host."
        ),
        "analytics": Lazy(
            f"{_HOST}.analytics",
            "Show who is using this installation. Admins only, but for your own numbers.",
        ),
        "telemetry": Lazy(f"{_HOST}.telemetry", "Show what leaves this installation. Admins only."),
    },
}
