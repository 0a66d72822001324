"""authsome providers test: each step against a real server, and a key that is taken or not."""

from __future__ import annotations

import json
from typing import Any

from tests.e2e.cli.house import KEY, PASSWORD, House


def add(house: House, name: str, *hosts: str, private: tuple[str, ...] = (), **more: Any) -> None:
    raw = {
        "name": name,
        "display_name": name.title(),
        "hosts": list(hosts),
        "inject": {"header": "Authorization", "template": "Bearer {api_key}"},
    } | more
    file = house.agents / f"{name}.json"
    file.write_text(json.dumps(raw))
    allowed = [word for place in private for word in ("--allow-private", place)]
    house.command("providers", "add", str(file), *allowed, check=True)


def steps(house: House, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = house.command("providers", "test", *arguments, "--json")
    assert KEY not in done.stdout + done.stderr
    return done.returncode, {f"{one['what']} {one['about']}": one for one in json.loads(done.stdout)["steps"]}


def test_a_definition_that_fits_passes_and_a_key_that_is_wrong_does_not(settled: House) -> None:
    place, url = f"{settled.api.host}:{settled.api.port}", f"{settled.api.url}/me?x=1"
    settled.command("connections", "revoke", "demo/default")
    settled.command("providers", "remove", "demo", "--dry-run", check=True)
    changed = json.loads(settled.command("providers", "show", "demo", check=True).stdout)
    file = settled.agents / "changed.json"
    file.write_text(json.dumps(changed | {"check": {"url": url}}))
    asked = settled.ask("providers", "change", "demo", str(file), "--allow-private", place)
    settled.ada.submit(asked["url"], [("password", PASSWORD)])
    code, found = steps(settled, "demo")
    assert code == 0
    assert found[f"credential {url}"]["outcome"] == "skipped"
    assert "authsome login demo" in found[f"credential {url}"]["advice"]
    settled.type(KEY + "\n", "connections", "add", "demo", "--name", "good")
    settled.type("sk-not-the-key\n", "connections", "add", "demo", "--name", "bad")
    code, found = steps(settled, "demo", "--connection", "good")
    assert (code, {one["outcome"] for one in found.values()}) == (0, {"passed"})
    assert found[f"tls {place}"]["detail"].startswith("TLSv1.")
    code, found = steps(settled, "demo", "--connection", "bad")
    assert code == 6
    assert found[f"credential {url}"]["detail"] == "answers 401 to demo/bad"
    assert "connect it again" in found[f"credential {url}"]["advice"]
    shown = settled.command("providers", "test", "demo", "--connection", "bad")
    assert shown.returncode == 6
    assert "1 of 4 steps failed" in shown.stderr
    assert settled.command("providers", "test", "demo", "--connection", "none").returncode == 5


def test_what_is_not_there_is_named_with_what_to_do(settled: House) -> None:
    gone = "https://nowhere.invalid"
    oauth = {"authorization_url": f"{gone}/a", "token_url": f"{settled.api.url}/token"}
    place = f"{settled.api.host}:{settled.api.port}"
    add(
        settled,
        "odd",
        "nowhere.invalid",
        "*.odd.invalid",
        "localhost:1",
        oauth=oauth,
        private=("localhost:1", place),
    )
    code, found = steps(settled, "odd")
    assert code == 6
    assert found["host nowhere.invalid"]["detail"] == "the name does not resolve"
    assert found["host *.odd.invalid"]["outcome"] == "skipped"
    assert found["tls localhost:1"]["outcome"] == "failed"
    assert found[f"authorization_url {gone}/a"]["outcome"] == "failed"
    assert found[f"token_url {settled.api.url}/token"]["outcome"] == "passed"
    assert found["credential odd"]["outcome"] == "skipped"
    assert settled.command("providers", "test", "nobody").returncode == 5


def test_it_is_bounded_and_it_is_written_down(settled: House) -> None:
    add(settled, "wide", "*.wide.invalid")
    codes = [settled.command("providers", "test", "wide", "--json").returncode for _ in range(11)]
    assert codes[0] == 0
    assert codes[-1] == 8
    lines = settled.command("telemetry", "export", "--format", "jsonl", check=True).stdout.splitlines()
    tested = [one for one in map(json.loads, lines) if one["event"] == "provider_tested"]
    assert tested
