"""Addresses in one spelling, and where documents lie: the RFCs' own examples."""

from __future__ import annotations

import pytest

from authsome.provider.discovery.address import (
    read_address,
    resource_documents,
    server_documents,
    suggest_name,
)
from authsome.provider.errors import ServerAddressInvalid
from authsome.provider.validate import check_name


def test_the_document_of_an_api_lies_where_rfc_9728_says() -> None:
    """§3.1, both examples."""
    whole = "https://resource.example.com/.well-known/oauth-protected-resource"
    assert resource_documents(read_address("https://resource.example.com")) == (whole,)
    assert resource_documents(read_address("https://resource.example.com/resource1")) == (
        f"{whole}/resource1", whole,
    )  # fmt: skip


def test_the_document_of_a_server_lies_where_rfc_8414_says() -> None:
    """§3.1 and §5, with the place that OpenID has for it last."""
    assert server_documents(read_address("https://example.com")) == (
        "https://example.com/.well-known/oauth-authorization-server",
        "https://example.com/.well-known/openid-configuration",
    )
    for issuer in ("https://example.com/issuer1", "https://example.com/issuer1/"):
        assert server_documents(read_address(issuer)) == (
            "https://example.com/.well-known/oauth-authorization-server/issuer1",
            "https://example.com/.well-known/openid-configuration/issuer1",
            "https://example.com/issuer1/.well-known/openid-configuration",
        )


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("HTTPS://MCP.Example.com:443/Mcp", "https://mcp.example.com/Mcp"),
        ("https://mcp.example.com", "https://mcp.example.com/"),
        ("https://mcp.example.com/", "https://mcp.example.com"),
        ("https://mcp.example.com/mcp?project=1", "https://mcp.example.com/mcp?project=1"),
    ],
)
def test_one_address_has_one_spelling(written: str, called: str) -> None:
    assert read_address(written).is_called(called)


@pytest.mark.parametrize(
    "other",
    [
        "https://mcp.example.com/mcp/",
        "https://mcp.example.com",
        "https://mcp.example.com/MCP",
        "https://mcp.example.com.evil.example/mcp",
        "https://mcp.example.com:8443/mcp",
        "http://mcp.example.com/mcp",
        "",
    ],
)
def test_any_other_is_another(other: str) -> None:
    assert not read_address("https://mcp.example.com/mcp").is_called(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mcp.example.com",
        "http://mcp.example.com/mcp",
        "ftp://mcp.example.com",
        "https://",
        "https://user:word@mcp.example.com/",
        "https://mcp.example.com/a#b",
        "https://mcp.example.com/a/../b",
        "https://mcp.example.com\\@evil.example/",
        "https://mcp.example.com/a b",
        "https://mcp.example.com/\n",
        "https://169.254.169.254/",
        "https://metadata.google.internal/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://mcp.example.com:0/",
        "https://mcp.example.com:99999/",
        "https://[::1]/",
        "https://mcp.example.com/" + "x" * 500,
    ],
)
def test_what_is_no_address_of_a_server_is_refused(text: str) -> None:
    with pytest.raises(ServerAddressInvalid):
        read_address(text)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://mcp.notion.com/mcp", "notion"),
        ("https://notion.com", "notion"),
        ("https://mcp.eu.acme.example/sse", "acme"),
        ("https://api.githubcopilot.com/mcp/", "githubcopilot"),
        ("https://localhost:8443/mcp", "localhost-8443"),
        ("https://10.1.2.3/mcp", "mcp-10-1-2-3"),
        ("https://mcp.x.com", "mcp-x"),
        ("https://mcp.1password.com", "mcp-1password"),
        ("https://mcp", "mcp"),
        ("https://mcp." + "a" * 40 + ".com:8443", "a" * 24 + "-8443"),
    ],
)
def test_a_name_is_suggested_that_can_be_one(address: str, name: str) -> None:
    found = suggest_name(read_address(address).place)
    assert found == name
    check_name(found)
