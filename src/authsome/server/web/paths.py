"""The addresses of the pages, once: templates link by these names and routes serve them."""

from __future__ import annotations

from urllib.parse import quote

OVERVIEW = "/"
LOG_IN = "/log-in"
LOG_OUT = "/log-out"
AGENTS = "/agents"
ACCESS = "/access"
CONNECTIONS = "/connections"
PROVIDERS = "/providers"
ADD_PROVIDER = "/add-provider"
BY_ADDRESS = "/add-server"
PRINCIPALS = "/principals"
ANALYTICS = "/analytics"
MINE = "/analytics/mine"
TELEMETRY = "/telemetry"
REPAIR = "/analytics/repair"
EXPORT_PAST = "/telemetry/export-past"
PASSWORD = "/password"
ERASE_ME = "/erase"
ERASURES = "/principals/erasures"


def connection(connection_id: str) -> str:
    """The page of one connection."""
    return f"{CONNECTIONS}/{quote(connection_id, safe='')}"


def export_connection(connection_id: str) -> str:
    """The page on which its secret is taken out."""
    return f"{connection(connection_id)}/export"


def agent(handle: str) -> str:
    """The page of one agent."""
    return f"{AGENTS}/{quote(handle, safe='')}"


def grant(handle: str, grant_id: str) -> str:
    """The page on which it is said how long a grant lasts."""
    return f"{agent(handle)}/grants/{quote(grant_id, safe='')}"


def access_request(request_id: str) -> str:
    """The page on which it is decided."""
    return f"{ACCESS}/{quote(request_id, safe='')}"


def release(handle: str) -> str:
    """Where the form that releases an agent is sent."""
    return f"{agent(handle)}/release"


def revoke(handle: str) -> str:
    """Where the form that revokes an agent is sent."""
    return f"{agent(handle)}/revoke"


def erase_agent(handle: str) -> str:
    """The page on which an agent is erased."""
    return f"{agent(handle)}/erase"


def erase_principal(principal_id: str) -> str:
    """The page on which a person is erased."""
    return f"{PRINCIPALS}/{quote(principal_id, safe='')}/erase"


def provider(name: str) -> str:
    """The page of one provider."""
    return f"{PROVIDERS}/{quote(name, safe='')}"


def connect(name: str) -> str:
    """Where the form that begins connecting a provider is sent."""
    return f"{provider(name)}/connect"


def begin_again(name: str) -> str:
    """Where a provider is connected from."""
    return f"{provider(name)}#connect"


def test(name: str) -> str:
    """Where the form that has a provider tested is sent."""
    return f"{provider(name)}/test"


def amendment(amendment_id: str) -> str:
    """The page on which an admin confirms what becomes of a provider."""
    return f"/amendments/{quote(amendment_id, safe='')}"


def dashboard(name: str) -> str:
    """A dashboard of everybody, or `mine`."""
    return f"{ANALYTICS}/{quote(name, safe='')}"
