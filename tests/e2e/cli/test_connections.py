"""What is done with connections from the terminal: chosen, checked, shared, taken out, ended.

One person's terminal and a second person's, each with what they may and may not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from authsome.cli.exit_codes import EXIT_CODES
from authsome.kit.errors import Kind
from tests.e2e.cli.house import KEY, PASSWORD, House
from tests.e2e.cli.member import Member

OTHER_KEY = "sk-not-the-key-4be1"


def told(done: Any) -> tuple[int, str]:
    """How a command that is refused ends. Never with a key in what it says."""
    assert KEY not in done.stdout + done.stderr
    return done.returncode, json.loads(done.stderr)["error"]


def refused(house: House, *arguments: str) -> tuple[int, str]:
    return told(house.command(*arguments, "--json"))


def named(house: House, name: str) -> dict[str, Any]:
    found = [one for one in house.ask("connections") if one["name"] == name]
    return dict(found[0])


def make(house: House, name: str, key: str = KEY) -> str:
    """Another connection to the same provider; its id."""
    made = house.type(key + "\n", "connections", "add", "demo", "--name", name, "--json")
    return str(json.loads(made.stdout)["id"])


def facts(house: House) -> list[str]:
    lines = house.command("telemetry", "export", "--format", "jsonl", check=True).stdout.splitlines()
    return [json.loads(line)["event"] for line in lines]


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ada's connection is made to a provider that says whether it takes a key, and whose it is."""
    made = House(tmp_path_factory.mktemp("settled"))
    made.start()
    made.set_up()
    made.sign_in()
    made.connect(check={"url": f"{made.api.url}/me", "account": "path"})
    yield made
    made.close()


@pytest.fixture(scope="module")
def zoe(settled: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    """A member with a terminal of her own."""
    made = Member(settled, tmp_path_factory.mktemp("zoe"), "zoe@example.org")
    made.sign_in()
    yield made
    made.person.close()


def test_the_default_is_what_the_provider_alone_means(settled: House) -> None:
    make(settled, "work")
    said = settled.command("connections", "default", "demo/work", check=True).stdout
    assert said == "demo alone means demo/work from now on.\n"
    assert (named(settled, "work")["is_default"], named(settled, "default")["is_default"]) == (True, False)
    chosen = settled.ask("connections", "default", named(settled, "default")["id"])
    assert (chosen["name"], chosen["is_default"]) == ("default", True)
    shown = settled.command("connections", check=True).stdout
    lines = {line.split()[0]: line.split()[1:3] for line in shown.splitlines()}
    assert lines["demo/default"] == ["connected", "yes"]
    assert "yes" not in lines["demo/work"]
    assert KEY not in shown


@pytest.mark.parametrize("verb", ["default", "check", "share", "unshare", "export", "logout", "revoke"])
def test_one_that_is_not_there_is_said_with_where_to_look(settled: House, verb: str) -> None:
    assert refused(settled, "connections", verb, "demo/nothing") == (5, "connection_missing")
    plain = settled.command("connections", verb, "demo/nothing")
    assert (plain.returncode, plain.stdout) == (5, "")
    assert plain.stderr.splitlines()[0] == "authsome: there is no connection 'demo/nothing'"
    assert "next: list them with `authsome connections`" in plain.stderr
    assert settled.command("connections", verb).returncode == 2


def test_a_check_says_whether_it_is_taken_and_whose_it_is(settled: House) -> None:
    make(settled, "wrong", OTHER_KEY)
    said = settled.command("connections", "check", "demo/default", check=True).stdout
    assert said == "demo/default: the provider takes it. Account: /me.\n"
    bad = settled.command("connections", "check", "demo/wrong")
    assert "the provider does not take it" in bad.stdout
    assert bad.returncode == EXIT_CODES[Kind.CONFLICT]
    assert OTHER_KEY not in bad.stdout + bad.stderr
    checked = settled.ask("connections", "check", "demo/default")
    assert (checked["checked"], checked["holder"]) == ("taken", "/me")
    assert set(checked) == set(named(settled, "default")), "and nothing sealed among it"


def test_sharing_leads_to_its_page_and_taking_back_needs_none(settled: House, zoe: Member) -> None:
    team = make(settled, "team")
    url = settled.ask("connections", "share", "demo/team")["url"]
    assert url == f"{settled.base_url}/connections/{team}"
    assert not named(settled, "team")["is_shared"], "the command alone shares nothing"
    assert zoe.ask("connections") == []
    settled.ada.submit(url, [("password", PASSWORD)], action=f"/connections/{team}/share")
    [seen] = zoe.ask("connections")
    assert (seen["id"], seen["is_own"], seen["is_shared"]) == (team, False, True)
    assert "by another" in zoe.at("connections", check=True).stdout
    assert settled.command("connections", "unshare", "demo/team", check=True).stdout == (
        "demo/team is its owner's alone again.\n"
    )
    assert zoe.ask("connections") == []
    assert refused(settled, "connections", "unshare", "demo/team") == (6, "connection_not_shared")


def test_who_borrows_one_does_nothing_with_it_but_grant_it(settled: House, zoe: Member) -> None:
    lent = make(settled, "lent")
    page = settled.ask("connections", "share", "demo/lent")["url"]
    settled.ada.submit(page, [("password", PASSWORD)], action=f"/connections/{lent}/share")
    for verb in ("default", "check", "unshare", "logout", "revoke"):
        assert told(zoe.at("connections", verb, "demo/lent", "--json")) == (5, "connection_missing"), verb
    export = zoe.at("connections", "export", "demo/lent", "--json")
    assert KEY not in export.stdout + export.stderr
    assert named(settled, "lent")["is_shared"]
    settled.command("connections", "unshare", "demo/lent", check=True)


def test_a_secret_is_shown_on_its_page_only_and_once(settled: House) -> None:
    taken = make(settled, "taken")
    done = settled.command("connections", "export", "demo/taken", "--no-browser", check=True)
    url = done.stdout.split()[-1]
    assert url == f"{settled.base_url}/connections/{taken}/export"
    assert settled.ask("connections", "export", "demo/taken") == {"url": url}
    assert KEY not in done.stdout + done.stderr
    assert KEY not in settled.ada.open(url).text
    before = facts(settled).count("credentials_exported")
    shown = settled.ada.submit(url, [("password", PASSWORD), ("decision", "show")])
    assert KEY in shown.text
    assert KEY not in settled.ada.open(url).text
    assert facts(settled).count("credentials_exported") == before + 1
    assert KEY not in settled.log()


@pytest.mark.parametrize(
    ("verb", "state", "there"),
    [
        ("logout", "logged_out", "put away here only"),
        ("revoke", "revoked", "delete the access on its own page"),
    ],
)
def test_what_is_ended_is_listed_with_what_the_provider_knows(
    settled: House, verb: str, state: str, there: str
) -> None:
    ended = make(settled, state)
    said = settled.command("connections", verb, f"demo/{state}", check=True).stdout
    assert said.startswith(f"Ended: demo/{state}.")
    assert ended not in [one["id"] for one in settled.ask("connections")]
    [found] = [one for one in settled.ask("connections", "list", "--ended") if one["id"] == ended]
    assert (found["state"], there in found["at_provider"]) == (state, True)
    assert refused(settled, "connections", verb, f"demo/{state}") == (5, "connection_missing")
    again = make(settled, state)
    assert settled.ask("connections", verb, again)["ended"]["id"] == again


def test_an_agent_and_nobody_may_do_none_of_it(settled: House, tmp_path: Path) -> None:
    agent, nobody = tmp_path / "agent", tmp_path / "nobody"
    settled.onboard(named(settled, "default")["id"], home=agent)
    for home in (agent, nobody):
        for verb in ("default", "check", "share", "unshare", "export", "logout", "revoke"):
            done = settled.at(home, "connections", verb, "demo/default", "--json")
            assert told(done) == (3, "signed_out"), verb
            assert "authsome sign-in" in json.loads(done.stderr)["hint"]
    listed = settled.at(agent, "connections", "--json", check=True)
    assert [one["name"] for one in json.loads(listed.stdout)] == ["default"]
    assert KEY not in listed.stdout
    unknown = settled.at(nobody, "connections", "--json")
    assert told(unknown) == (5, "key_missing")
    assert "authsome sign-in" in json.loads(unknown.stderr)["hint"]


def test_beside_an_agent_that_nobody_claimed_the_person_connects(zoe: Member) -> None:
    zoe.at("onboard", "--no-wait", check=True)
    asked = zoe.at("login", "demo", "--no-wait", "--json", check=True)
    assert "in your own name" in asked.stderr
    url = json.loads(asked.stdout)["url"]
    zoe.person.submit(url, [("key", KEY), ("decision", "connect")])
    assert [one["name"] for one in zoe.ask("connections")] == ["default"]
    elsewhere = zoe.home / "agent-only"
    zoe.house.at(elsewhere, "onboard", "--no-wait", check=True)
    done = zoe.house.at(elsewhere, "login", "demo", "--no-wait", "--json")
    assert told(done) == (4, "identity_unclaimed")
