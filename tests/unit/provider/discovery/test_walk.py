"""From an address to who guards it: which documents are asked for, in which order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from authsome.provider.discovery.address import read_address
from authsome.provider.discovery.describe import describe
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.walk import Discovered, discover
from authsome.provider.discovery.web import Heard, Private
from authsome.provider.errors import DefinitionInvalid, DiscoveryFailed
from authsome.provider.host import HostPattern

MCP = "https://mcp.example.com/mcp"


@dataclass
class Documents:
    """Satisfies `Web`: what lies where, and what was asked for."""

    lies: dict[str, dict[str, Any]]
    challenge: str = ""
    status: int = 401
    asked: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)

    async def look(self, url: str, private: Private) -> Heard:
        return Heard(status=self.status, challenges=(self.challenge,) if self.challenge else ())

    async def fetch(self, url: str, private: Private) -> Heard:
        self.asked.append(url)
        if url not in self.lies:
            return Heard(status=404)
        return Heard(status=200, content_type="application/json", body=json.dumps(self.lies[url]).encode())

    async def post(self, url: str, document: Mapping[str, Any], private: Private) -> Heard:
        raise AssertionError("nobody registers while looking")

    async def check(self, url: str, private: Private) -> None:
        self.checked.append(url)


def resource(name: str = MCP, **more: Any) -> dict[str, Any]:
    return {"resource": name, "authorization_servers": ["https://as.example.com/t1"], **more}


def server(**more: Any) -> dict[str, Any]:
    return {
        "issuer": "https://as.example.com/t1",
        "authorization_endpoint": "https://as.example.com/authorize",
        "token_endpoint": "https://tokens.example.com/token",
        "code_challenge_methods_supported": ["S256"],
        **more,
    }


PATHS = (
    "https://as.example.com/.well-known/oauth-authorization-server/t1",
    "https://as.example.com/.well-known/openid-configuration/t1",
    "https://as.example.com/t1/.well-known/openid-configuration",
)


async def find(web: Documents, address: str = MCP) -> Discovered:
    return await discover(web, read_address(address))


@pytest.mark.parametrize("place", range(3))
async def test_a_server_is_looked_for_as_oauth_has_it_and_then_as_openid_does(place: int) -> None:
    where = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"
    web = Documents({where: resource(), PATHS[place]: server()})
    found = await find(web)
    assert web.asked == [where, *PATHS[: place + 1]]
    assert web.checked == ["https://as.example.com/authorize", "https://tokens.example.com/token"]
    assert set(found.places) == {
        HostPattern("mcp.example.com"), HostPattern("as.example.com"), HostPattern("tokens.example.com"),
    }  # fmt: skip


async def test_what_a_refusal_names_is_asked_for_instead() -> None:
    about = "https://docs.example.com/about"
    web = Documents({about: resource(), PATHS[0]: server()}, f'Bearer resource_metadata="{about}", scope="a"')
    found = await find(web)
    assert web.asked == [about, PATHS[0]]
    assert found.wanted == ("a",)


async def test_only_a_refusal_names_it() -> None:
    web = Documents({}, 'Bearer resource_metadata="https://evil.example/"', status=200)
    with pytest.raises(DiscoveryFailed):
        await find(web)
    assert all("evil" not in url for url in web.asked)


async def test_what_is_there_and_wrong_is_not_passed_over() -> None:
    """Else whoever can break one document chooses the next."""
    where = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"
    web = Documents({where: resource(), PATHS[0]: server(issuer="https://other"), PATHS[1]: server()})
    with pytest.raises(DiscoveryFailed) as refused:
        await find(web)
    assert refused.value.reason is DiscoveryFailure.ISSUER_MISMATCH
    assert "as.example.com" in refused.value.detail


async def test_a_silent_server_is_told_apart_from_a_silent_api() -> None:
    where = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"
    for lies, reason in (
        ({}, DiscoveryFailure.RESOURCE_SILENT), ({where: resource()}, DiscoveryFailure.SERVER_SILENT),
    ):  # fmt: skip
        with pytest.raises(DiscoveryFailed) as refused:
            await find(Documents(lies))
        assert refused.value.reason is reason


async def described(web_server: dict[str, Any], **of_resource: Any) -> tuple[str, ...]:
    where = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"
    found = await find(Documents({where: resource(**of_resource), PATHS[0]: web_server}))
    oauth = describe(found, name="example", method="none").oauth
    assert oauth is not None
    return oauth.scopes


async def test_scopes_are_the_apis_and_never_all_that_its_guard_knows() -> None:
    everything = server(scopes_supported=["admin", "mail"])
    assert await described(everything, scopes_supported=["read", "two words", "read"]) == ("read",)
    assert await described(everything) == ()
    offline = server(scopes_supported=["admin", "offline_access"])
    assert await described(offline, scopes_supported=["read"]) == ("read", "offline_access")


async def test_a_name_that_is_none_is_refused_as_in_a_file() -> None:
    where = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"
    found = await find(Documents({where: resource(), PATHS[0]: server()}))
    with pytest.raises(DefinitionInvalid):
        describe(found, name="Not a name", method="none")
