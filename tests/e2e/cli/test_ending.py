"""From the terminal to the page where a claim or a role ends, and what the agent sees then."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from authsome.testing.person import Person
from tests.e2e.cli.house import EMAIL, PASSWORD, House

ENDED = {"release": "identity_unclaimed", "revoke": "identity_ended"}


def confirm(house: House, url: str, form: str) -> None:
    """What Ada does on an agent's page, in one of its forms."""
    page = house.ada.open(url)
    begin = page.text.rindex("<form", 0, page.text.index(f'id="{form}"'))
    only = httpx.Response(200, text=page.text[begin:], request=page.request)
    house.ada.submit(url, [("password", PASSWORD)], page=only)


@pytest.mark.parametrize("act", ENDED)
def test_the_command_leads_to_the_page_and_the_next_request_of_a_running_command_is_refused(
    settled: House, tmp_path: Path, act: str
) -> None:
    [demo] = [one["id"] for one in settled.ask("connections") if one["provider"] == "demo"]
    handle = settled.onboard(demo, home=tmp_path)
    go, ask = tmp_path / "go", f"curl -sS -D - {settled.api.url}/hello; echo"
    script = f"{ask}; until [ -e {go} ]; do sleep 0.05; done; {ask}"
    run = settled.begin("run", "--", "sh", "-c", script, **settled.apart(tmp_path))
    run.word("you are known here")
    url = settled.ask("identities", act, handle)["url"]
    assert url.startswith(f"{settled.base_url}/agents/{handle}#")
    confirm(settled, url, act)
    go.touch()
    _, said = run.finish()
    assert "x-authsome-error: " in said.lower()
    assert "you are known here" not in said
    assert settled.at(tmp_path, "run", "--", "true").returncode == 125
    refused = settled.at(tmp_path, "connections", "--json")
    assert json.loads(refused.stderr)["error"] == ENDED[act]
    state = json.loads(settled.at(tmp_path, "whoami", "--json", check=True).stdout)["state"]
    assert state == f"{act}d"


def test_a_released_agent_onboards_again_under_its_handle(settled: House, tmp_path: Path) -> None:
    handle = settled.onboard(home=tmp_path)
    confirm(settled, f"{settled.base_url}/agents/{handle}", "release")
    assert "prints a new link" in settled.at(tmp_path, "whoami", check=True).stdout
    assert settled.onboard(home=tmp_path) == handle


def test_a_misspelt_agent_or_person_is_said_here(settled: House) -> None:
    assert settled.command("identities", "release", "nobody").returncode == 5
    assert settled.command("identities", "revoke", "nobody").returncode == 5
    assert settled.command("principals", "disable", "nobody@example.org").returncode == 5
    assert settled.command("principals", "role", EMAIL, "owner").returncode == 2


def test_roles_and_disabling_lead_to_the_page_with_the_choice_made(settled: House) -> None:
    link = settled.ask("principals", "invite")["url"]
    zoe = Person(settled.base_url)
    again = [("password", PASSWORD), ("password_again", PASSWORD)]
    zoe.submit(link, [("email", "zoe@example.org"), *again])
    zoe.close()
    for command, change in (
        (("role", "admin"), "admin"),
        (("role", "member"), "member"),
        (("disable",), "disable"),
    ):
        verb, *rest = command
        url = settled.ask("principals", verb, "zoe@example.org", *rest)["url"]
        page = settled.ada.open(url).text
        chosen = page[page.index('id="change"') :]
        assert f'<option value="{change}" selected>' in chosen
        assert "selected>zoe@example.org</option>" in chosen
