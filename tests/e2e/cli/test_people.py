"""Commands of a signed-in person and of an admin, against a real server and its real pages."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from authsome.testing.person import PageRefused, Person
from tests.e2e.cli.house import EMAIL, KEY, PASSWORD, House
from tests.support.server import AUTHSOME
from tests.support.waiting import eventually

NEW_PASSWORD = "another battery horse staple"


def test_a_person_sees_everything_of_theirs_and_nobody_sees_a_secret(settled: House) -> None:
    said = [
        settled.command(command, *more, check=True).stdout
        for command in ("identities", "connections", "grants", "providers", "principals", "whoami")
        for more in ((), ("--json",))
    ]
    assert all(said)
    assert KEY not in "".join(said)
    (agent,) = [one for one in settled.ask("identities") if one["label"] is None][:1]
    (connection,) = [one for one in settled.ask("connections") if one["name"] == "default"]
    grants = settled.ask("grants")
    assert (agent["handle"], connection["id"]) in [(one["handle"], one["connection_id"]) for one in grants]
    assert [one["email"] for one in settled.ask("principals")] == [EMAIL]
    assert {"openai", "github", "demo"} <= {one["name"] for one in settled.ask("providers")}


def test_signed_out_an_agent_sees_its_own(settled: House, tmp_path: Path) -> None:
    handle = settled.onboard(settled.ask("connections")[0]["id"], home=tmp_path)
    apart = settled.apart(tmp_path)
    assert [one["handle"] for one in settled.ask("identities", **apart)] == [handle]
    assert [one["handle"] for one in settled.ask("grants", **apart)] == [handle]
    assert len(settled.ask("connections", **apart)) == 1
    refused = settled.at(tmp_path, "principals", "--json")
    assert refused.returncode == 3
    assert json.loads(refused.stderr)["error"] == "signed_out"


def test_no_agents_key_does_what_is_a_persons(settled: House, tmp_path: Path) -> None:
    settled.onboard(home=tmp_path)
    terminal = tmp_path / "terminal"
    terminal.mkdir(mode=0o700)
    (terminal / "key.pem").write_bytes((tmp_path / "identity" / "key.pem").read_bytes())
    (terminal / "key.pem").chmod(0o600)
    for line in ("principals", "principals invite", "telemetry status", "telemetry dead-letters"):
        done = settled.at(tmp_path, *line.split())
        assert done.returncode == 4, line
        assert "authsome sign-in" in done.stderr


def test_a_terminals_session_ends_with_sign_out(house: House) -> None:
    house.set_up()
    assert '"is_admin": true' in house.sign_in("--json")
    key = house.home / "terminal" / "key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    copied = key.read_bytes()
    assert house.ask("whoami", "--person")["is_admin"] is True
    assert house.command("sign-out", check=True).stdout == "Signed out.\n"
    assert not key.exists()
    key.write_bytes(copied)
    key.chmod(0o600)
    assert house.command("principals").returncode == 3
    assert "Signed out" in house.command("sign-out", check=True).stdout
    assert "Nobody is signed in" in house.command("sign-out", check=True).stdout


def test_signing_in_again_ends_the_session_before(house: House) -> None:
    house.set_up()
    house.sign_in()
    key = house.home / "terminal" / "key.pem"
    first = key.read_bytes()
    house.sign_in()
    assert key.read_bytes() != first
    assert house.command("whoami", "--person").returncode == 0
    key.write_bytes(first)
    assert house.command("whoami", "--person").returncode == 3


def make_reset_link(house: House, email: str) -> str:
    """What the admin does on the page."""
    (meant,) = [one["id"] for one in house.ask("principals") if one["email"] == email]
    admin = Person(house.base_url)
    admin.submit(f"{house.base_url}/log-in", [("email", EMAIL), ("password", PASSWORD)])
    fields = [("principal", meant), ("change", "reset"), ("password", PASSWORD)]
    shown = admin.submit(f"{house.base_url}/principals", fields).text
    admin.close()
    found = re.search(rf"{re.escape(house.base_url)}/reset/[A-Za-z0-9_-]+", shown)
    assert found
    return found[0]


def test_an_invited_person_joins_and_a_reset_link_ends_their_sessions(settled: House) -> None:
    link = settled.ask("principals", "invite")["url"]
    bob = Person(settled.base_url)
    again = [("password", PASSWORD), ("password_again", PASSWORD)]
    bob.submit(link, [("email", "bob@example.org"), *again])
    with pytest.raises(PageRefused):
        bob.submit(link, [("email", "eve@example.org"), *again])
    said = settled.command("principals", "reset-link", "Bob@Example.org", "--no-browser").stdout
    assert f"{settled.base_url}/principals" in said, "where it is made, with the password"
    reset = make_reset_link(settled, "bob@example.org")
    stranger = Person(settled.base_url)
    stranger.submit(reset, [("password", NEW_PASSWORD), ("password_again", NEW_PASSWORD)])
    fresh = Person(settled.base_url)
    fresh.submit(f"{settled.base_url}/log-in", [("email", "bob@example.org"), ("password", NEW_PASSWORD)])
    for person in (bob, stranger, fresh):
        person.close()
    roles = {one["email"]: one["role"] for one in settled.ask("principals")}
    assert roles == {EMAIL: "admin", "bob@example.org": "member"}
    assert settled.command("principals", "reset-link", "nobody@example.org").returncode == 5


def test_the_servers_user_can_let_an_admin_back_in(house: House) -> None:
    assert house.command("admin", "recover").returncode == 5
    house.set_up()
    link = house.ask("admin", "recover")["url"]
    again = [("password", NEW_PASSWORD), ("password_again", NEW_PASSWORD)]
    house.ada.submit(link, again)
    stranger = Person(house.base_url)
    log_in = f"{house.base_url}/log-in"
    with pytest.raises(PageRefused):
        stranger.submit(log_in, [("email", EMAIL), ("password", PASSWORD)])
    stranger.submit(log_in, [("email", EMAIL), ("password", NEW_PASSWORD)])
    stranger.close()
    assert house.command("admin", "recover", "--email", "nobody@example.org").returncode == 5


def test_a_key_typed_on_a_page_makes_a_connection(settled: House) -> None:
    login = settled.begin("login", "openai", "--connection", "page", "--no-browser")
    link = login.word("/connect/")
    settled.ada.submit(link, [("key", "sk-typed-on-the-page"), ("decision", "connect")])
    code, said = login.finish()
    assert code == 0, said
    assert "Connected: openai/page" in said
    assert "sk-typed" not in said
    assert settled.command("login", "openai", "--connection", "page").returncode == 6
    settled.command("connections", "logout", "openai/page", check=True)
    assert "page" not in {one["name"] for one in settled.ask("connections")}


def test_called_off_on_its_page_a_login_ends_with_an_exit_code_of_its_own(settled: House) -> None:
    login = settled.begin("login", "openai", "--connection", "never", "--no-browser")
    link = login.word("/connect/")
    settled.ada.submit(link, [("key", ""), ("decision", "cancel")])
    assert login.finish()[0] == 6


def test_interrupted_a_login_calls_its_link_off(settled: House) -> None:
    login = settled.begin("login", "openai", "--connection", "never", "--no-browser")
    link = login.word("/connect/")
    login.word("Waiting")
    login.process.send_signal(signal.SIGINT)
    assert login.finish()[0] == 130
    with pytest.raises(PageRefused):
        settled.ada.open(link)


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("", "key_invalid"),
        ("two\nlines", "key_invalid"),
        ("with space", "key_invalid"),
        ("k\u00e9y", "key_invalid"),
        ("x" * 5_000, "key_invalid"),
        ("x" * 100_000, "input_invalid"),
        ("tab\tinside", "key_invalid"),
    ],
)
def test_what_is_no_key_is_refused_and_not_repeated(settled: House, key: str, error: str) -> None:
    done = settled.type(key, "connections", "add", "openai", "--name", "never", "--json")
    assert done.returncode == 2
    assert json.loads(done.stderr)["error"] == error
    assert not key or key not in done.stderr


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", 2),
        ("[]", 2),
        ('{"name": "x", "name": "y"}', 2),
        ('{"name": "openai"}', 2),
        ("x" * 70_000, 2),
    ],
)
def test_a_definition_that_is_none_is_refused(
    settled: House, tmp_path: Path, content: str, code: int
) -> None:
    file = tmp_path / "provider.json"
    file.write_text(content)
    done = settled.command("providers", "add", str(file), "--json")
    assert done.returncode == code
    assert json.loads(done.stderr)["error"] == "definition_invalid"


def test_grants_lead_to_the_page_where_they_are_confirmed(settled: House) -> None:
    handle = settled.ask("whoami")["id"]
    said = settled.command("grants", "add", handle, "demo", "--no-browser", check=True).stdout
    assert f"{settled.base_url}/agents/{handle}" in said
    settled.ada.open(f"{settled.base_url}/agents/{handle}")
    said = settled.command("grants", "remove", handle, "demo", "--no-browser", check=True).stdout
    assert f"{settled.base_url}/agents/{handle}" in said
    assert settled.ask("grants", "add", handle, "demo") == {"url": f"{settled.base_url}/agents/{handle}"}
    assert settled.command("grants", "add", handle, "nothing").returncode == 5
    assert settled.command("grants", "add", "nobody", "demo").returncode == 5
    assert settled.command("grants", "remove", handle, "openai").returncode == 5


def test_analytics_shows_the_numbers_of_the_page(settled: House) -> None:
    def counted() -> bool:
        return bool(settled.ask("analytics", "show")["tiles"]) and not settled.ask("analytics", "show")["lag"]

    eventually(counted, what="the rollups")
    shown = settled.ask("analytics", "show", "adoption", "--since", "2w")
    assert len(shown["buckets"]) == 14
    totals = {
        line["title"]: line["total"] for tile in shown["tiles"].values() for line in tile["lines"].values()
    }
    assert totals
    assert sum(totals.values()) > 0
    text = settled.command("analytics", "show", check=True).stdout
    for tile in shown["tiles"].values():
        assert tile["title"] in text
    for since in ("0d", "-1d", "100000d", "soon", "731"):
        assert settled.command("analytics", "show", "--since", since).returncode == 2


def test_what_would_leave_holds_nothing_personal(settled: House) -> None:
    status = settled.ask("telemetry", "status")
    assert status["mode"] == "local"
    preview = settled.ask("telemetry", "preview")
    assert preview["real"] is False
    assert "example.org" not in preview["body"]
    assert preview["consent"] is None
    assert "Nothing leaves" in settled.command("telemetry", "preview", check=True).stderr
    assert "nothing leaves" in settled.command("telemetry", "status", check=True).stdout
    assert "Nothing was ever allowed" in settled.command("telemetry", "consent", check=True).stderr
    assert settled.ask("telemetry", "consent")["windows"] == []


def test_the_catalogue_needs_no_server(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(AUTHSOME), "telemetry", "catalogue", "--json"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AUTHSOME_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    names = [event["name"] for event in json.loads(done.stdout)]
    assert names == sorted(names)
    assert "identity_claimed" in names
    assert list(tmp_path.iterdir()) == []


def test_dead_letters_are_listed_and_decided_by_name_or_all_together(settled: House) -> None:
    assert settled.ask("telemetry", "dead-letters") == []
    assert settled.ask("telemetry", "dead-letters", "retry", "--all") == {"changed": 0}
    assert settled.ask("telemetry", "dead-letters", "drop", f"evt_{'0' * 26}") == {"changed": 0}
    for wrong in (("retry",), ("drop", "--all", f"evt_{'0' * 26}")):
        assert settled.command("telemetry", "dead-letters", *wrong).returncode == 2
    assert settled.command("telemetry", "dead-letters", "drop", "no event").returncode != 0


@pytest.mark.parametrize("line_format", ["jsonl", "cloudevents"])
def test_the_log_can_be_taken_elsewhere_line_by_line(settled: House, line_format: str) -> None:
    done = settled.command("telemetry", "export", "--format", line_format, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    names = {line["type"].removeprefix("authsome.") if "type" in line else line["event"] for line in lines}
    assert {"principal_registered", "identity_claimed", "connection_created"} <= names
    assert "example.org" not in done.stdout


def test_providers_are_found_by_a_word_or_an_address(settled: House) -> None:
    def found(*words: str) -> list[str]:
        return [one["name"] for one in settled.ask("providers", *words)]

    assert found("openai") == found("https://api.openai.com/v1/models") == ["openai"]
    assert found("list", "openai") == ["openai"]
    assert found("google", "gemini") == ["gemini"]
    assert "stripe" in found("--category", "payments")
    assert "openai" not in found("payments")
    nothing = settled.command("providers", "mainframe", "--category", "ai", check=True)
    assert nothing.stdout == ""
    assert "All there are: `authsome providers`" in nothing.stderr
    assert settled.command("providers", "x" * 300, "--json").returncode == 2
