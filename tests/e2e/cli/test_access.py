"""authsome access: refused, an agent asks; approved, its next request passes; over, it is refused again."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.cli.house import PASSWORD, House
from tests.support.waiting import eventually

HOUR = 3600


@pytest.fixture
def agent(settled: House, tmp_path: Path) -> Path:
    """The home of an agent that may use nothing yet."""
    settled.onboard(home=tmp_path)
    return tmp_path


def reach(house: House, home: Path) -> str:
    """What an agent's request is answered with, also where it is for a name of this machine."""
    curl = ("curl", "-sS", "--noproxy", "", "-D", "-", f"{house.api.url}/hello")
    done = house.at(home, "run", "--", *curl)
    return done.stdout + done.stderr


def approve(house: House, told: dict[str, Any], lasting: str = "") -> None:
    (connection,) = house.ask("connections", "list")
    choice = [("connection", connection["id"]), ("lasting", lasting)]
    house.ada.submit(told["url"], [*choice, ("password", PASSWORD), ("decision", "approve")])


def test_an_agent_asks_is_approved_passes_and_is_refused_when_the_time_is_over(
    settled: House, agent: Path
) -> None:
    refused = reach(settled, agent)
    assert "x-authsome-error: not_granted" in refused.lower()
    assert "authsome access request demo" in refused
    said = settled.at(agent, "access", "request", "demo", "--for", "12h", "--note", "a test").stdout
    (told,) = settled.ask("access")
    assert told["url"] in said
    assert (told["provider"], told["lasts_seconds"], told["note"]) == ("demo", 12 * HOUR, "a test")
    assert told["id"] in settled.command("access", check=True).stdout
    link = settled.ask("access", "approve", told["id"])["url"]
    assert link == told["url"]
    approve(settled, told, "1h")
    assert "you are known here" in reach(settled, agent)
    (grant,) = [one for one in settled.ask("grants") if one["handle"] == told["handle"]]
    assert (grant["expires_at"] is not None, grant["has_expired"]) == (True, False)
    _run_out(settled, grant["id"])
    assert "x-authsome-error: grant_expired" in reach(settled, agent).lower()
    assert "ran out" in settled.command("grants", check=True).stdout
    page = settled.ask("grants", "remove", told["handle"], "demo")["url"]
    assert page.endswith(f"/grants/{grant['id']}"), "on the agent's own page it is not ticked"
    again = settled.at(agent, "access", "request", "demo", "--json", check=True)
    approve(settled, json.loads(again.stdout))
    assert "you are known here" in reach(settled, agent)


def _run_out(house: House, grant_id: str) -> None:
    """As if it had been given longer ago: no test waits an hour."""
    (file,) = house.home.rglob("registry.db")
    with sqlite3.connect(file, timeout=10) as database:
        database.execute(
            'UPDATE "grant" SET expires_at = ? WHERE id = ?', (int(time.time() * 1e6) - 1, grant_id)
        )
    database.close()


def test_who_waits_is_told_and_exits_by_it(settled: House, agent: Path) -> None:
    apart = settled.apart(agent)
    waiting = settled.begin("access", "request", "demo", "--connection", "other", "--wait", **apart)
    link = waiting.word("/access/")
    (told,) = settled.ask("access")
    assert told["url"] == link
    assert settled.ask("access", "deny", told["id"])["state"] == "denied"
    code, said = waiting.finish()
    assert (code, "has denied" in said) == (4, True)
    late = settled.at(agent, "access", "request", "demo", "--wait", "--timeout", "1")
    assert late.returncode == 7
    waiting = settled.begin("access", "request", "demo", "--wait", "--json", **apart)
    assert waiting.word("/access/").endswith(settled.ask("access")[0]["id"]), "the same request, still open"
    approve(settled, settled.ask("access")[0])
    code, said = waiting.finish()
    assert (code, '"state": "approved"' in said) == (0, True)
    held = settled.at(agent, "access", "request", "demo")
    assert (held.returncode, "may use that already" in held.stderr) == (6, True)


def test_how_long_a_grant_lasts_is_changed_from_the_terminal(settled: House, agent: Path) -> None:
    handle = settled.ask("whoami", **settled.apart(agent))["id"]
    for line in (["--for", "1s"], ["--for", "7d", "--forever"], []):
        assert settled.command("grants", "change", handle, "demo", *line).returncode == 2
    assert settled.command("grants", "change", handle, "demo", "--forever").returncode == 5
    page = settled.ask("grants", "add", handle, "demo", "--for", "7d")["url"]
    assert page.endswith(f"/agents/{handle}?for=7d")
    (connection,) = settled.ask("connections", "list")
    settled.ada.submit(page, [("connection", connection["id"]), ("lasting", "7d"), ("password", PASSWORD)])
    page = settled.ask("grants", "change", handle, "demo", "--for", "30d")["url"]
    settled.ada.submit(page, [("lasting", "30d"), ("password", PASSWORD)])

    def lasts() -> bool:
        (grant,) = [one for one in settled.ask("grants") if one["handle"] == handle]
        return str(grant["expires_at"]) > time.strftime("%Y-%m-%d", time.gmtime(time.time() + 20 * 86_400))

    eventually(lasts)


def test_what_is_no_provider_length_or_note_is_said(settled: House, agent: Path) -> None:
    for line, code in (
        (["no-such-thing"], 5),
        (["demo", "--for", "soon"], 2),
        (["demo", "--note", "two\nlines"], 2),
        (["demo", "--connection", "Not A Name"], 2),
    ):
        done = settled.at(agent, "access", "request", *line)
        assert (done.returncode, "next:" in done.stderr) == (code, True), done.stderr
    assert settled.command("access", "deny", "acr_nothing").returncode == 5
    assert settled.ask("access") == []
