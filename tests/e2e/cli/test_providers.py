"""An admin's own providers, from the command line to the page that confirms what becomes of one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from authsome.testing.person import PageRefused
from tests.e2e.cli.house import KEY, PASSWORD, House

HERE, THERE = "api.acme.test", "elsewhere.test"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Ada is signed in, and nothing is connected."""
    made = House(tmp_path)
    made.start()
    made.set_up()
    made.sign_in()
    yield made
    made.close()


def file_of(house: House, *hosts: str, **more: Any) -> str:
    raw = {"name": "acme", "display_name": "Acme", "hosts": list(hosts), "inject": {"header": "X-Key"}} | more
    path = house.agents / "acme.json"
    path.write_text(json.dumps(raw))
    return str(path)


def confirm(house: House, *arguments: str) -> str:
    """Ask for an amendment, and confirm it on the page whose link is printed; the page's text."""
    url = str(house.ask("providers", *arguments)["url"])
    return house.ada.submit(url, [("password", PASSWORD)]).text


def test_a_definition_is_checked_explained_and_registered(house: House) -> None:
    file = file_of(house, HERE, key_label="Acme key")
    said = house.command("providers", "add", file, "--dry-run", check=True)
    assert f"Requests carry its secrets to {HERE}, and to no other host." in said.stdout
    assert "Acme key" in said.stdout
    assert "not registered yet" in said.stderr
    assert "acme" not in [one["name"] for one in house.ask("providers")]
    house.command("providers", "add", file, check=True)
    again = house.command("providers", "add", file, "--dry-run", "--json")
    assert (again.returncode, json.loads(again.stderr)["error"]) == (6, "provider_taken")


def test_what_is_shown_reads_back_as_the_same(house: House) -> None:
    for name in ("github", "stripe", "google"):
        shown = house.command("providers", "show", name, check=True)
        assert f"{name} is bundled" in shown.stderr
        refused = house.type(shown.stdout, "providers", "add", "-", "--dry-run", "--json")
        assert json.loads(refused.stderr)["error"] == "provider_taken", "well-formed, and there already"
    house.command("providers", "add", file_of(house, HERE), check=True)
    acme = house.command("providers", "show", "acme", "--json", check=True).stdout
    same = house.type(acme, "providers", "change", "acme", "-", "--dry-run", "--json")
    assert json.loads(same.stderr)["error"] == "nothing_amended"
    toml = 'name = "acme"\ndisplay_name = "Acme"\nhosts = ["other.test"]\n[inject]\nheader = "X-Key"\n'
    changed = house.type(toml, "providers", "change", "acme", "-", "--dry-run", "--json")
    assert json.loads(changed.stdout)["new_places"] == ["other.test"]
    assert house.command("providers", "show", "nobody").returncode == 5


def test_a_change_that_reaches_further_needs_its_owners_again(house: House) -> None:
    house.command("providers", "add", file_of(house, HERE), check=True)
    house.type(KEY, "connections", "add", "acme")
    wider = file_of(house, HERE, THERE)
    said = house.command("providers", "change", "acme", wider, "--dry-run", check=True)
    assert f"Secrets would go to {THERE}, where they do not go yet." in said.stdout
    assert "1 connection of 1 person cannot be used" in said.stdout
    assert "Nothing was done." in said.stderr
    assert "The provider is changed" in confirm(house, "change", "acme", wider)
    listed = house.command("connections", check=True).stdout
    assert "needs reconnection" in listed
    assert "an admin has changed the provider" in listed
    assert "authsome login acme --connection default" in listed
    assert house.type(KEY + "2", "connections", "add", "acme").returncode == 0
    (mine,) = house.ask("connections")
    assert (mine["state"], mine["problem"]) == ("connected", None)


def test_a_bundled_provider_is_overridden_and_comes_back(house: House) -> None:
    shown = json.loads(house.command("providers", "show", "stripe", check=True).stdout)
    path = house.agents / "stripe.json"
    path.write_text(json.dumps(shown | {"display_name": "Our Stripe"}))
    assert house.command("providers", "change", "stripe", str(path)).returncode == 6
    assert "The provider is overridden" in confirm(house, "override", "stripe", str(path))
    (found,) = [one for one in house.ask("providers") if one["name"] == "stripe"]
    assert (found["display_name"], found["origin"]) == ("Our Stripe", "override")
    assert "The provider is removed" in confirm(house, "remove", "stripe")
    (found,) = [one for one in house.ask("providers") if one["name"] == "stripe"]
    assert (found["display_name"], found["origin"]) == ("Stripe", "bundled")


def test_a_removal_says_what_ends_and_happens_once(house: House) -> None:
    house.command("providers", "add", file_of(house, HERE), check=True)
    house.type(KEY, "connections", "add", "acme")
    said = house.command("providers", "remove", "acme", "--no-browser", check=True).stdout
    assert "1 connection of 1 person ends for good" in said
    url = str(house.ask("providers", "remove", "acme")["url"])
    with pytest.raises(PageRefused):
        house.ada.submit(url, [("password", "not the password")])
    assert [one["provider"] for one in house.ask("connections")] == ["acme"]
    assert "The provider is removed" in house.ada.submit(url, [("password", PASSWORD)]).text
    assert house.ask("connections") == []
    with pytest.raises(PageRefused):
        house.ada.open(url)
    assert house.command("providers", "show", "acme").returncode == 5
