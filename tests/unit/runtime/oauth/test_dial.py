"""A name whose answer changes between check and use leads nowhere (DNS rebinding).

The address that was checked is the one that is connected to. Each way to a provider is shown the same lying
name server.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from authsome.connection.oauth.client import Credentials
from authsome.connection.oauth.device import DeviceRequest
from authsome.connection.oauth.endpoint import ByRefreshToken, NotGranted, TokenRequest
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.revocation.endpoint import NotNow, TokenKind
from authsome.kit.clock import SystemClock
from authsome.kit.resolve import Resolve
from authsome.kit.secret import Secret
from authsome.provider.discovery.address import read_address
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.walk import discover
from authsome.provider.errors import DiscoveryFailed
from authsome.provider.host import HostPattern
from authsome.provider.model import Provider
from authsome.provider.validate import read_definition
from authsome.runtime.oauth.asking import Asking
from authsome.runtime.oauth.device.endpoint import HttpDeviceEndpoint
from authsome.runtime.oauth.dial import AddressRefused, CheckedNetwork
from authsome.runtime.oauth.endpoint import HttpTokenEndpoint
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.oauth.revoking import HttpRevocationEndpoint
from authsome.runtime.oauth.web import HttpWeb
from authsome.testing.oauth.described import SERVER, Described
from authsome.testing.oauth.serve import OAuthProvider

NAME = "rebound.example"  # which no real name server knows
PUBLIC, HERE, METADATA = "93.184.216.34", "127.0.0.1", "169.254.169.254"
CLIENT, TOKEN = Credentials("id", Secret("client-secret")), Secret("refresh-token")


class Lying:
    """A name server that says one thing after the other, and from then on the last."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> list[str]:
        assert host == NAME
        self.asked += 1
        return [self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Something on this machine that nobody outside should reach."""
    with socket.create_server((HERE, 0)) as made:
        made.setblocking(False)
        yield made


def nobody_came_to(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return True
    return False


def place_of(listener: socket.socket) -> str:
    return f"{NAME}:{listener.getsockname()[1]}"


async def ask_for_a_token(provider: Provider, resolve: Resolve) -> object:
    endpoint = HttpTokenEndpoint(SystemClock(), Outside(resolve=resolve))
    return await endpoint.ask(TokenRequest(provider, CLIENT, ByRefreshToken(TOKEN)), before_sending=_never)


async def ask_for_a_code(provider: Provider, resolve: Resolve) -> object:
    endpoint = HttpDeviceEndpoint(Asking(Outside(resolve=resolve)))
    return await endpoint.ask_device(DeviceRequest(provider=provider, client=CLIENT, scopes=()))


async def take_a_token_back(provider: Provider, resolve: Resolve) -> object:
    endpoint = HttpRevocationEndpoint(Asking(Outside(resolve=resolve)))
    return await endpoint.revoke(provider, CLIENT, token=TOKEN, kind=TokenKind.REFRESH)


async def _never() -> bool:
    raise AssertionError("a connection was made")


@pytest.mark.parametrize(
    ("way", "answer"),
    [
        (ask_for_a_token, NotGranted(RefreshFailure.UNREACHABLE)),
        (ask_for_a_code, NotGranted(RefreshFailure.UNREACHABLE)),
        (take_a_token_back, NotNow(RefreshFailure.UNREACHABLE)),
    ],
)
@pytest.mark.parametrize("address", [HERE, "::ffff:127.0.0.1", "::1"])
async def test_no_secret_goes_to_a_name_that_means_this_machine_by_now(
    listener: socket.socket,
    way: Callable[[Provider, Resolve], Awaitable[object]],
    answer: object,
    address: str,
) -> None:
    place = place_of(listener)
    oauth = {
        "token_url": f"https://{place}/token",
        "device_authorization_url": f"https://{place}/device",
        "revocation_url": f"https://{place}/revoke",
    }
    provider = read_definition({"name": "acme", "display_name": "Acme", "hosts": [place], "oauth": oauth})
    assert await way(provider, Lying(address)) == answer
    assert nobody_came_to(listener)


async def test_what_was_public_when_it_was_checked_is_checked_again_when_it_is_asked(
    listener: socket.socket,
) -> None:
    names = Lying(PUBLIC, HERE)
    web, url = HttpWeb(Outside(resolve=names)), f"https://{place_of(listener)}/document"
    await web.check(url, ())
    for ask in (web.look(url, ()), web.fetch(url, ()), web.post(url, {}, ())):
        with pytest.raises(DiscoveryFailed) as refused:
            await ask
        assert refused.value.reason is DiscoveryFailure.ADDRESS_REFUSED
    assert names.asked == 4
    assert nobody_came_to(listener)


async def test_the_address_that_was_checked_is_the_one_that_is_connected_to(tmp_path: Path) -> None:
    """The system knows no such name, so that nothing but the checked address can have been used."""
    provider = OAuthProvider(tmp_path, redirect_uri="", host=NAME)
    described, names = Described(provider), Lying(HERE, METADATA)
    listed = (HostPattern(NAME, provider.port),)
    web = HttpWeb(Outside(extra_roots=provider.ca_file, resolve=names))
    heard = await web.fetch(f"{provider.url}{SERVER}", listed)
    assert (heard.status, names.asked) == (200, 1)
    with pytest.raises(DiscoveryFailed) as refused:
        await discover(web, read_address(described.address), listed)
    assert refused.value.reason is DiscoveryFailure.ADDRESS_REFUSED
    assert provider.fetched == [SERVER], "by its second answer it was not reached"
    provider.close()


@pytest.mark.parametrize(
    "address",
    [
        METADATA,
        f"::ffff:{METADATA}",
        f"64:ff9b::{METADATA}",
        "2002:a9fe:a9fe::",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1%2",
        "168.63.129.16",
        "0.0.0.0",
        "::",
        "",
    ],
)
async def test_metadata_is_not_reached_by_a_listed_name_either(address: str) -> None:
    for resolve in (Lying(address), Lying(address, HERE)):
        with pytest.raises(AddressRefused):
            await CheckedNetwork(private_ok=True, resolve=resolve).connect_tcp(NAME, 443, 1.0)


async def test_of_several_addresses_only_those_that_are_allowed_are_tried(listener: socket.socket) -> None:
    async def both(host: str, port: int) -> list[str]:
        return [METADATA, "fd00:ec2::254", HERE]

    port = listener.getsockname()[1]
    stream = await CheckedNetwork(private_ok=True, resolve=both).connect_tcp(NAME, port, 5.0)
    assert stream.get_extra_info("server_addr") == (HERE, port)
    await stream.aclose()
    assert not nobody_came_to(listener)
    with pytest.raises(AddressRefused):
        await CheckedNetwork(private_ok=False, resolve=both).connect_tcp(NAME, port, 5.0)
    assert nobody_came_to(listener)
