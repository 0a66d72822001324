"""Behind a reverse proxy that the operator trusts, each client has its own limits, whatever it claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.pages_server import Agent, serving

HERE: dict[str, Any] = {"AUTHSOME_TRUSTED_PROXIES": "127.0.0.1, ::1"}


async def register(address: str, forwarded: str) -> int:
    """The status that a registration gets which the reverse proxy passes on with this header."""
    agent = Agent(address, forwarded=forwarded)
    try:
        return (await agent.ask("POST", "/api/identities", b'{"label": ""}')).status_code
    finally:
        await agent.close()


async def test_each_client_has_its_own_limit_and_cannot_change_whose(home: Path) -> None:
    async with serving(home, pending_per_address=1, **HERE) as server:
        assert await register(server.address, "203.0.113.1") == 201
        assert await register(server.address, "203.0.113.2") == 201
        assert await register(server.address, "198.51.100.1, 203.0.113.2") == 503
        assert await register(server.address, "203.0.113.2, 203.0.113.1") == 503


async def test_by_default_nobody_is_believed(home: Path) -> None:
    async with serving(home, pending_per_address=1) as server:
        assert await register(server.address, "203.0.113.1") == 201
        assert await register(server.address, "203.0.113.2") == 503
