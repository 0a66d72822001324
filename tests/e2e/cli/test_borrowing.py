"""One person's connection, shared, in another's agent's requests: from the grant to its end, everywhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cli.borrowing import Bob, share
from tests.e2e.cli.house import KEY, House
from tests.support.server import RealServer
from tests.support.waiting import eventually

BOBS_KEY, BOBS_OTHER = "sk-bobs-own-5d1f", "sk-bobs-other-77aa"


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Iterator[tuple[House, RealServer]]:
    """Two servers on one database where it can be shared over a network, else one."""
    settings = {}
    if database_url.startswith("postgresql"):
        key = base64.b64encode(bytes(32)).decode()
        settings = {"AUTHSOME_DATABASE_URL": database_url, "AUTHSOME_INSTALLATION_KEY": key}
    house = House(tmp_path, **settings)
    house.start()
    second: RealServer = house
    if settings:
        settings["AUTHSOME_UPSTREAM_CA_FILE"] = str(house.api.ca_file)
        second = RealServer(tmp_path / "second", **settings)
        second.start()
    house.set_up()
    house.sign_in()
    yield house, second
    if second is not house:
        second.stop()
    house.close()


def carried(house: House) -> str:
    """What the provider was last shown."""
    return str(house.api.handler.authorizations[-1])  # type: ignore[attr-defined]


def test_what_is_shared_and_granted_is_used_until_it_is_taken_back(
    installation: tuple[House, RealServer], tmp_path: Path
) -> None:
    house, second = installation
    team = house.connect()
    bob = Bob(house, tmp_path)
    share(house, team)
    with bob.asks(house.base_url) as here, bob.asks(second.base_url) as there:
        status, code, hint = here.get()
        assert (status, code) == (0, "Tunnel connection failed: 403 Forbidden"), "shared is not granted"
        bob.grant(team)
        for asking in (here, there):
            assert eventually(lambda asking=asking: asking.get()[0] == 200)  # type: ignore[misc]
        assert carried(house) == f"Bearer {KEY}"
        seen = len(house.api.handler.authorizations)  # type: ignore[attr-defined]
        house.command("connections", "unshare", "demo/default", check=True)
        status, code, hint = here.get()
        assert (status, code) == (403, "not_connected"), "from the next request on, on the same connection"
        assert "authsome login demo" in hint
        if second is house:
            assert there.get()[:2] == (403, "not_connected")
            assert len(house.api.handler.authorizations) == seen  # type: ignore[attr-defined]
        else:  # another machine keeps a decision for half a second
            assert eventually(lambda: _refusal(there.get()) == "not_connected")
    # Shared once more, nothing of before comes back.
    share(house, team)
    with bob.asks(second.base_url) as there:
        assert there.get()[0] == 0
    bob.person.close()


def _refusal(answer: tuple[int, str | None, str]) -> str | None:
    status, code, _ = answer
    assert status in (200, 403)
    return code


def test_the_default_decides_between_two_that_are_granted(house: House, tmp_path: Path) -> None:
    house.set_up()
    house.sign_in()
    team = house.connect()
    share(house, team)
    bob = Bob(house, tmp_path)
    bob.sign_in()
    own, other = bob.connect("own", BOBS_KEY), bob.connect("other", BOBS_OTHER)
    bob.grant(team, own, other)
    with bob.asks(house.base_url) as asking:
        asking.get()
        assert carried(house) == f"Bearer {BOBS_KEY}", "his own default goes before what others share"
        bob.at("connections", "default", "demo/other", check=True)
        asking.get()
        assert carried(house) == f"Bearer {BOBS_OTHER}", "from the next request on"
        bob.grant(team, own)
        status, code, hint = asking.get()
        assert (status, code) == (403, "connection_unclear"), "another account is not guessed at"
        assert "authsome grants remove" in hint
    with bob.asks(house.base_url) as asking:
        bob.grant(team)
        assert asking.get()[0] == 200
        assert carried(house) == f"Bearer {KEY}"
    bob.person.close()
