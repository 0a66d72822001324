"""A provider that takes several texts: typed on the page or piped in by name, and carried as one."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from authsome.testing.person import PageRefused
from tests.e2e.cli.house import House

SID, TOKEN = "AC-not-secret", "auth-token-1b9e"
FIELDS = [
    {"name": "account_sid", "label": "Account SID", "secret": False},
    {"name": "auth_token", "label": "Auth token"},
]


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ada is signed in, and the provider is registered; nobody has connected it."""
    made = House(tmp_path_factory.mktemp("fields"))
    made.start()
    made.set_up()
    made.sign_in()
    place = f"{made.api.host}:{made.api.port}"
    definition = {
        "name": "phones",
        "display_name": "Phones",
        "hosts": [place],
        "fields": FIELDS,
        "inject": {
            "basic": {"username": "{account_sid}", "password": "{auth_token}"},
            "header": "X-Account",
            "template": "{account_sid}",
        },
    }
    file: Path = made.agents / "phones.json"
    file.write_text(json.dumps(definition))
    made.command("providers", "add", str(file), "--allow-private", place, check=True)
    yield made
    made.close()


def test_lines_by_name_make_a_connection_whose_requests_carry_basic(settled: House) -> None:
    piped = f"auth_token={TOKEN}\n\naccount_sid={SID}\r\n"
    made = json.loads(settled.type(piped, "connections", "add", "phones", "--json").stdout)
    settled.onboard(made["id"])
    done = settled.command("run", "--", "curl", "-s", f"{settled.api.url}/who")
    pair = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
    assert settled.api.handler.authorizations[-1] == f"Basic {pair}"  # type: ignore[attr-defined]
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "piped",
    [
        "",
        f"{TOKEN}\n",
        f"account_sid={SID}\n",
        f"account_sid={SID}\naccount_sid={SID}\n",
        f"account_sid={SID}\nauth_token={TOKEN}\nother=x\n",
        f"account_sid={SID}:1\nauth_token={TOKEN}\n",
        f"account_sid={SID}\nauth_token={TOKEN}\x01\n",
    ],
)
def test_what_is_not_each_field_once_is_refused_and_not_repeated(settled: House, piped: str) -> None:
    done = settled.type(piped, "connections", "add", "phones", "--name", "never", "--json")
    assert done.returncode == 2
    assert json.loads(done.stderr)["error"] == "key_invalid"
    assert TOKEN not in done.stderr
    assert "never" not in {one["name"] for one in settled.ask("connections")}


def test_the_page_asks_for_each_and_shows_again_only_what_is_not_secret(settled: House) -> None:
    login = settled.begin("login", "phones", "--connection", "page", "--no-browser")
    link = login.word("/connect/")
    page = settled.ada.open(link).text
    assert 'id="key-key-account_sid" name="key-account_sid" type="text"' in page
    assert 'id="key-key-auth_token" name="key-auth_token" type="password"' in page
    typed = [("key-account_sid", "AC:1"), ("key-auth_token", TOKEN), ("decision", "connect")]
    with pytest.raises(PageRefused, match="422"):
        settled.ada.submit(link, typed)
    settled.ada.submit(link, [("key-account_sid", SID), *typed[1:]])
    code, said = login.finish()
    assert code == 0, said
    assert "Connected: phones/page" in said


def test_a_provider_that_takes_no_key_is_not_asked_for_one(settled: House) -> None:
    done = settled.type("k\n", "connections", "add", "google", "--json")
    assert (done.returncode, json.loads(done.stderr)["error"]) == (2, "flow_unavailable")
    missing = settled.type("k\n", "connections", "add", "nobody", "--json")
    assert json.loads(missing.stderr)["error"] == "provider_missing"
