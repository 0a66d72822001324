"""What people do reaches the numbers: with a real server, over the API, on the page and in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from authsome.client.address import read_address
from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import load_key
from authsome.kit.errors import Kind
from tests.e2e.cli.house import House
from tests.support.waiting import eventually


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ada is signed in, has one connection, and claimed one agent."""
    made = House(tmp_path_factory.mktemp("numbers"))
    made.start()
    made.set_up()
    made.sign_in()
    made.onboard(made.connect())
    yield made
    made.close()


def client(house: House, folder: str | None) -> Client:
    key = load_key(house.home / folder) if folder else None
    return Client(read_address(house.base_url), key)


def numbers(house: House) -> dict[str, Any]:
    """The dashboard, once it has counted everything in the log."""
    asked = client(house, "terminal")

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = asked.get("/analytics/adoption", {"days": "7"})
        return found if found["lag"] == 0 else None

    found = eventually(look, within=20, what="the rollups")
    assert found is not None
    return found


def test_registration_claim_and_connection_are_counted(settled: House) -> None:
    tiles = numbers(settled)["tiles"]
    totals = {(tile, key): line["total"] for tile in tiles for key, line in tiles[tile]["lines"].items()}
    assert totals["principals", "new"] == totals["principals", "total"] == 1
    assert totals["identities", "registered"] == totals["identities", "claimed"] == 1
    assert totals["identities", "rejected"] == 0
    assert (totals["providers", "connections"], totals["providers", "principals"]) == (1, 1)
    assert [row["name"] for row in tiles["providers"]["by"]["provider"]] == ["demo"]


def test_the_terminal_prints_what_the_api_says(settled: House) -> None:
    numbers(settled)
    said = settled.ask("analytics", "show", "adoption", "--since", "7d")
    assert said["tiles"] == numbers(settled)["tiles"]


def test_the_page_shows_the_same_dashboard(settled: House) -> None:
    numbers(settled)
    text = settled.ada.open("/analytics/adoption").text
    assert "1 principal in all now" in text
    assert "demo leads" in text.lower()


def test_only_an_admin_reads_the_numbers(settled: House) -> None:
    with pytest.raises(ClientError) as stranger:
        client(settled, None).get("/analytics/adoption")
    assert stranger.value.kind is Kind.UNAUTHENTICATED
    with pytest.raises(ClientError) as agent:
        client(settled, "identity").get("/analytics/adoption")
    assert agent.value.kind is Kind.DENIED


@pytest.mark.parametrize("days", ["0", "-1", "731", "1e3", "", "9" * 400])
def test_a_time_that_is_no_time_is_refused(settled: House, days: str) -> None:
    with pytest.raises(ClientError) as refused:
        client(settled, "terminal").get("/analytics/adoption", {"days": days})
    assert refused.value.kind is Kind.INVALID
