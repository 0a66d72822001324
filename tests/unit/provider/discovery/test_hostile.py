"""Servers that are broken or mean harm, over real TLS: each is told apart, and leads nowhere."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from authsome.provider.discovery.address import read_address
from authsome.provider.discovery.failure import DiscoveryFailure as F
from authsome.provider.discovery.walk import Discovered, discover
from authsome.provider.errors import DiscoveryFailed
from authsome.provider.host import HostPattern
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.oauth.web import HttpWeb
from authsome.testing.oauth.described import RESOURCE, SERVER, Described
from authsome.testing.oauth.serve import OAuthProvider, Says

WHERE = f"{RESOURCE}/mcp"
METADATA = "http://169.254.169.254/latest/meta-data/"
Change = Callable[[Described], None]


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OAuthProvider]:
    folder: Path = tmp_path_factory.mktemp("acme")
    made = OAuthProvider(folder, redirect_uri="")
    yield made
    made.close()


@pytest.fixture
def described(provider: OAuthProvider) -> Described:
    """As it should be, before a test changes it."""
    provider.pages, provider.challenge, provider.fetched = {}, None, []
    return Described(provider)


async def find(described: Described, address: str | None = None, *, all_seconds: float = 5.0) -> Discovered:
    provider = described.provider
    web = HttpWeb(Outside(extra_roots=provider.ca_file), all_seconds=all_seconds)
    asked = read_address(address or described.address)
    return await discover(web, asked, (HostPattern(provider.host, provider.port),))


def page(path: str, says: Says) -> Change:
    return lambda described: described.provider.pages.update({path: says})


def resource(**changed: object) -> Change:
    def change(described: Described) -> None:
        described.resource.update(changed)
        described.publish()

    return change


def server(**changed: object) -> Change:
    return lambda described: described.change(**changed)


def text(body: str) -> Says:
    return Says(body.encode(), headers={"Content-Type": "text/html"})


ZIPPED = Says(b"x", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})
CASES: list[tuple[str, Change, F]] = [
    ("huge", page(WHERE, Says(b'{"a": "' + b"x" * 300_000 + b'"}')), F.TOO_LONG),
    ("huge server", page(SERVER, Says(b" " * 300_000)), F.TOO_LONG),
    ("slow", page(WHERE, Says(b"{}", after=2.0)), F.UNREACHABLE),
    ("not json", page(WHERE, Says(b"{")), F.MALFORMED),
    ("deep", page(WHERE, Says(b"[" * 30_000)), F.MALFORMED),
    ("a list", page(WHERE, Says(b"[]")), F.MALFORMED),
    ("not text", page(WHERE, Says(b"\xff\xfe")), F.MALFORMED),
    ("a key twice", page(SERVER, Says(b'{"issuer": "a", "issuer": "b"}')), F.MALFORMED),
    ("compressed", page(WHERE, ZIPPED), F.RESOURCE_SILENT),
    ("a page", page(WHERE, text("<html>")), F.RESOURCE_SILENT),
    ("not there", page(WHERE, Says(b"{}", 404)), F.RESOURCE_SILENT),
    ("broken", page(WHERE, Says(b"{}", 500)), F.SERVER_FAILED),
    ("elsewhere", page(WHERE, Says(status=302, headers={"Location": METADATA})), F.REDIRECTED),
    ("server elsewhere", page(SERVER, Says(status=307, headers={"Location": "https://10.0.0.1/"})),
     F.REDIRECTED),
    ("no servers", resource(authorization_servers=[]), F.RESOURCE_SILENT),
    ("servers of http", resource(authorization_servers=["http://as.example"]), F.ENDPOINT_REFUSED),
    ("server at metadata", resource(authorization_servers=["https://169.254.169.254"]),
     F.ENDPOINT_REFUSED),
    ("private server", resource(authorization_servers=["https://10.255.255.1"]), F.ADDRESS_REFUSED),
    ("another resource", resource(resource="https://mcp.bank.example/mcp"), F.RESOURCE_MISMATCH),
    ("no header", resource(bearer_methods_supported=["body"]), F.UNSUPPORTED),
    ("scopes of another kind", resource(scopes_supported="read"), F.MALFORMED),
    ("another issuer", server(issuer="https://as.bank.example"), F.ISSUER_MISMATCH),
    ("no S256", server(code_challenge_methods_supported=["plain"]), F.PKCE_MISSING),
    ("no PKCE", server(code_challenge_methods_supported=None), F.PKCE_MISSING),
    ("token by http", server(token_endpoint="http://localhost/token"), F.ENDPOINT_REFUSED),
    ("page by http", server(authorization_endpoint="http://as.example/"), F.ENDPOINT_REFUSED),
    ("page of script", server(authorization_endpoint="javascript:alert(1)"), F.ENDPOINT_REFUSED),
    ("private token", server(token_endpoint="https://192.168.0.1/token"), F.ENDPOINT_REFUSED),
    ("private page", server(authorization_endpoint="https://192.168.0.1/"), F.ENDPOINT_REFUSED),
    ("private registration", server(registration_endpoint="https://10.0.0.1/"), F.ENDPOINT_REFUSED),
    ("metadata token", server(token_endpoint="https://169.254.169.254/t"), F.ENDPOINT_REFUSED),
    ("no token", server(token_endpoint=None), F.MALFORMED),
    ("no code", server(response_types_supported=["token"]), F.UNSUPPORTED),
    ("only keys", server(token_endpoint_auth_methods_supported=["private_key_jwt"]), F.UNSUPPORTED),
    ("flags of text", server(client_id_metadata_document_supported="yes"), F.MALFORMED),
]  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_each_is_told_apart(described: Described, change: Change, reason: F) -> None:
    change(described)
    began = time.monotonic()
    with pytest.raises(DiscoveryFailed) as refused:
        await find(described, all_seconds=1.0)
    assert time.monotonic() - began < 5
    assert refused.value.reason is reason, refused.value.detail
    assert refused.value.next_step
    assert refused.value.place or reason is F.ENDPOINT_REFUSED, "it says of which host"


async def test_what_is_right_leads_there(described: Described) -> None:
    found = await find(described)
    assert found.resource.issuer == found.server.issuer == described.provider.url
    assert described.provider.fetched == ["/mcp", WHERE, SERVER]


@pytest.mark.parametrize(
    "document", ["https://10.0.0.1/about", "http://localhost/about", "https://169.254.169.254/", "about"]
)
async def test_a_challenge_leads_to_no_private_address(described: Described, document: str) -> None:
    described.provider.challenge = f'Bearer resource_metadata="{document}"'
    with pytest.raises(DiscoveryFailed) as refused:
        await find(described)
    assert refused.value.reason in (F.ADDRESS_REFUSED, F.ENDPOINT_REFUSED)


async def test_a_server_that_nobody_vouches_for_is_not_heard(described: Described) -> None:
    web = HttpWeb(Outside())
    with pytest.raises(DiscoveryFailed) as refused:
        await web.fetch(described.address, (HostPattern("localhost", described.provider.port),))
    assert refused.value.reason is F.UNREACHABLE
    assert described.provider.fetched == []


async def test_a_private_address_is_not_even_connected_to(described: Described) -> None:
    web = HttpWeb(Outside(extra_roots=described.provider.ca_file))
    with pytest.raises(DiscoveryFailed) as refused:
        await web.look(described.address, ())
    assert refused.value.reason is F.ADDRESS_REFUSED
    assert f"--allow-private localhost:{described.provider.port}" in refused.value.next_step
    assert described.provider.fetched == []


async def test_an_address_of_the_same_host_is_named_as_the_next_step(described: Described) -> None:
    whole = described.provider.url
    described.resource["resource"] = whole
    described.publish()
    with pytest.raises(DiscoveryFailed) as refused:
        await find(described)
    assert refused.value.next_step.endswith(whole)
    described.provider.pages[RESOURCE] = Says(json.dumps(described.resource).encode())
    assert (await find(described, whole)).resource.name == whole
