"""What the guides say can be typed: their `sh` blocks are run, in order, in one shell.

Blocks marked `shell` are not run: they need root, another machine or a key. Of all of them, and of commands
in the text, it is checked that the command and its options exist.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from authsome.grant.model import Reason
from authsome.kit.errors import REGISTERED
from authsome.provider.validate import parse_file, read_definition
from authsome.proxy import errors as proxy_errors
from authsome.telemetry import catalogue
from authsome.testing.posthog import PostHogSimulator
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID
from authsome.testing.posthog.simulator import KEY
from tests.docs.guide import PAGES, ROOT, blocks, commands, unknown
from tests.docs.session import Reader

GUIDES = ROOT / "docs/guides"
OPTED_IN = {"AUTHSOME_ENV": "prod", "AUTHSOME_POSTHOG_API_KEY": KEY}


@pytest.fixture
def posthog() -> Iterator[PostHogSimulator]:
    with PostHogSimulator() as simulator:
        yield simulator


@pytest.fixture
def port() -> int:
    """A port that is free at this moment; the guide's restarts keep it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    return number


def test_the_guide_to_self_hosting_works_as_written(
    tmp_path: Path, posthog: PostHogSimulator, port: int
) -> None:
    reader = Reader(tmp_path, ROOT, AUTHSOME_PORT=str(port))
    instead = {
        "https://authsome.example.org": f"http://localhost:{port}",
        "phc_your_project_key": KEY,
        "https://eu.i.posthog.com": posthog.url,
    }
    try:
        said = reader.follow(blocks(GUIDES / "self-hosting.md", language="sh"), instead=instead)
        assert f"Telemetry: on, events are sent to {posthog.url}" in said
        assert (tmp_path / "authsome-before").is_dir()
        assert posthog.wait_until(lambda taken: bool(taken.events), seconds=20)
        assert not posthog.holding("ada@example.org")
    finally:
        reader.stop()


def test_the_guide_to_telemetry_works_as_written(
    tmp_path: Path, posthog: PostHogSimulator, port: int
) -> None:
    settings = {**OPTED_IN, "AUTHSOME_POSTHOG_HOST": posthog.url, "AUTHSOME_PORT": str(port)}
    reader = Reader(tmp_path, ROOT, **settings)
    try:
        reader.follow(["authsome up", "authsome sign-in --no-browser"])
        assert posthog.wait_until(lambda taken: _has(taken, "principal_registered"), seconds=20)
        registered = next(event for event in posthog.events if event.name == "principal_registered")
        assert registered.properties["principal_id"] == registered.distinct_id
        said = reader.follow(blocks(GUIDES / "telemetry.md", language="sh"))
        assert "Telemetry is on" in said
        assert "Telemetry is local: AUTHSOME_DO_NOT_TRACK forbids it" in said
        assert "Registered principals" in said
    finally:
        reader.stop()


def test_the_guide_to_own_tools_works_as_written(tmp_path: Path, port: int) -> None:
    reader = Reader(tmp_path, ROOT, AUTHSOME_PORT=str(port))
    try:
        reader.follow(["authsome up", "authsome sign-in --no-browser"])
        said = reader.follow(blocks(GUIDES / "use-your-own-tools.md", language="sh"))
        assert re.search(r"principal_registered +│ +1 ", said), "DuckDB counts the person who follows"
        assert "Wrote " in said
        assert {path.name for path in tmp_path.glob("[a-z]*.*")} == {
            "facts.csv",
            "facts.parquet",
            "identities.jsonl",
            "numbers.csv",
        }
    finally:
        reader.stop()


def test_the_guide_to_providers_works_as_written(tmp_path: Path, port: int) -> None:
    page, work = GUIDES / "write-a-provider.md", tmp_path / "work"
    work.mkdir()
    (work / "acme.json").write_text(blocks(page, language="json")[0])
    reader = Reader(tmp_path, work, AUTHSOME_PORT=str(port))
    # The reader opens the links that sign somebody in; signed in already, the guide's own is one too many.
    typed = [block.replace("authsome sign-in\n", "") for block in blocks(page, language="sh")]
    try:
        reader.follow(["authsome up", "authsome sign-in --no-browser"])
        said = reader.follow(typed)
        assert "It is not registered yet." in said
        assert "Registered acme for api.acme.example *.eu.acme.example." in said
        assert "Secrets would go to *.us.acme.example, where they do not go yet." in said
        assert re.search(r"/amendments/amd_\w+", said), "the page that confirms the change"
        assert "Acme is gone, and its hosts are covered no more." in said
    finally:
        reader.stop()


def test_the_guide_to_the_dashboards_works_as_written(tmp_path: Path, posthog: PostHogSimulator) -> None:
    for distinct_id in ("ada@example.org", "grace@example.org", "prn_1"):
        one = {"event": "account_registered", "distinct_id": distinct_id}
        httpx.post(f"{posthog.url}/batch/", json={"api_key": posthog.key, "batch": [one]})
    instead = {
        "phx_your_personal_key": PERSONAL_KEY,
        "12345": PROJECT_ID,
        "https://eu.i.posthog.com": posthog.url,
        "https://eu.posthog.com": posthog.url,
        "email-persons.py": str(tmp_path / "email-persons.py"),
    }
    said = Reader(tmp_path, ROOT).follow(
        blocks(GUIDES / "posthog-dashboard.md", language="sh"), instead=instead
    )
    lines = said.splitlines()
    assert "  create dashboard Authsome: adoption" in lines
    assert sum(line.startswith("Nothing to change in project") for line in lines) == 1
    assert "  remove dashboard" in said
    assert [made.deleted for made in posthog.private.kept.dashboards.values()].count(True) >= 1
    assert any("account_registered" in made.fields["name"] for made in posthog.private.kept.actions.values())
    assert "2 persons are keyed by an e-mail address" in lines
    assert "2 are deleted, and their events queued" in lines
    assert list(posthog.persons) == ["prn_1"]
    assert '"kind": "InsightVizNode"' in said


def _has(posthog: PostHogSimulator, name: str) -> bool:
    return any(event.name == name for event in posthog.events)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_in_the_documentation_exists(page: Path) -> None:
    assert [complaint for words in commands(page) if (complaint := unknown(words))] == []


def test_a_command_or_option_that_does_not_exist_is_found() -> None:
    assert unknown(["up", "--foreground"]) is None
    assert unknown(["run", "--", "curl", "--fail"]) is None
    assert unknown(["upp"])
    assert unknown(["up", "--sideways"])
    assert unknown(["grants", "destroy"])
    assert len(list(commands(GUIDES / "run-an-agent.md"))) > 20


def test_the_old_names_in_the_guide_are_those_of_the_audit() -> None:
    text = (GUIDES / "telemetry.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_ ]+)` \| `([a-z_]+)`( \(not yet\))? \|", text, re.MULTILINE)
    assert {event: old for old, event, _ in rows} == catalogue.OLD_NAMES
    assert {event for _, event, later in rows if not later} <= set(catalogue.events())
    assert {event for _, event, later in rows if later}.isdisjoint(catalogue.events())


def test_every_refusal_of_the_proxy_is_in_the_guide_for_agents() -> None:
    text = (GUIDES / "run-an-agent.md").read_text(encoding="utf-8")
    explained = set(
        re.findall(r"`([a-z_]+)`", "".join(line for line in text.splitlines() if line[:1] == "|"))
    )
    at_start = {"authority_unsafe", "roots_unreadable"}
    refusals = {code for code, error in REGISTERED.items() if error.__module__ == proxy_errors.__name__}
    assert (refusals - at_start) | {reason.value for reason in Reason} <= explained
    assert explained & set(REGISTERED)


def test_the_providers_in_the_guide_can_be_registered() -> None:
    page = GUIDES / "write-a-provider.md"
    examples = [parse_file(text.encode(), is_toml=False) for text in blocks(page, language="json")]
    examples += [parse_file(text.encode(), is_toml=True) for text in blocks(page, language="toml")]
    acme, *_others, acme_again = map(read_definition, examples)
    assert acme == acme_again
    for inject in re.findall(r"\| `(\{.+?\})` \|$", page.read_text(encoding="utf-8"), re.MULTILINE):
        read_definition(
            {"name": "one", "display_name": "One", "hosts": ["a.example"], "inject": json.loads(inject)}
        )
