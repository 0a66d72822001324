"""Servers that are broken or mean harm leave nothing behind but the fact, with its reason."""

from __future__ import annotations

import pytest

from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.errors import DiscoveryFailed
from authsome.testing.oauth.described import SERVER
from authsome.testing.oauth.serve import Says
from tests.contract.oauth.by_address.place import Place

METADATA = "http://169.254.169.254/latest/meta-data/"
CASES: list[tuple[str, Says, DiscoveryFailure]] = [
    (SERVER, Says(b"{"), DiscoveryFailure.MALFORMED),
    (SERVER, Says(b"{}", after=2.0), DiscoveryFailure.UNREACHABLE),
    ("/register", Says(status=307, headers={"Location": METADATA}), DiscoveryFailure.REDIRECTED),
    ("/register", Says(b"{}", 503), DiscoveryFailure.SERVER_FAILED),
    ("/register", Says(b'{"client_id": "a\\nb", "client_secret": "c"}', 201), DiscoveryFailure.MALFORMED),
]


@pytest.mark.parametrize(("path", "says", "reason"), CASES)
async def test_what_fails_leaves_nothing_but_the_fact(
    place: Place, path: str, says: Says, reason: DiscoveryFailure
) -> None:
    place.provider.pages[path] = says
    with pytest.raises(DiscoveryFailed) as refused:
        await place.add(parts=place.parts(all_seconds=1.0))
    assert refused.value.reason is reason
    assert await place.custom() == []
    assert await place.facts("provider_discovery_failed", "provider_registered") == [
        ("provider_discovery_failed", reason)
    ]
    assert not await place.store.read(lambda view: view.oauth_clients.list())


async def test_what_a_server_calls_itself_is_nobodys_name(place: Place) -> None:
    place.described.resource["resource_name"] = "Your bank"
    place.described.publish()
    assert (await place.add()).provider.display_name == place.provider.place
