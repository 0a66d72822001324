"""What the documents say about the house is what the tools hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/authsome"

# Where PostHog may be known: its sink, the metrics that compile to it, the setting's default, the simulator.
POSTHOG = re.compile(r"posthog\.com|/batch/|\$set\b|\$process_person_profile|\$geoip_disable")
MAY_KNOW = ("telemetry/sinks/posthog", "analytics/", "telemetry/mode.py", "testing/")


def test_the_import_map_in_the_architecture_is_the_one_that_is_enforced() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    drawn = re.search(r"^```\n(cli\n.*?)```", page, re.MULTILINE | re.DOTALL)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    assert drawn
    assert drawn[1].splitlines() == [layer.replace("(", "").replace(")", "") for layer in layers]


def test_only_the_sink_and_the_metrics_know_posthogs_hosts_and_payloads() -> None:
    knowing = {
        f"{path.relative_to(SOURCE)}:{number}"
        for path in SOURCE.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if POSTHOG.search(line) and not str(path.relative_to(SOURCE)).startswith(MAY_KNOW)
    }
    assert knowing == set()


def test_the_pattern_finds_a_host_and_a_payload() -> None:
    assert POSTHOG.search('HOST = "https://us.i.posthog.com"')
    assert POSTHOG.search('{"$set": {}}')


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    described = re.findall(r"^([a-z]+):.*## .+$", makefile, re.MULTILINE)
    assert phony
    assert phony[1].split() == described
    assert {"demo", "test", "check", "deep", "bench", "docs", "dev"} <= set(described)


def test_the_locks_name_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {"runtime.lock": project["dependencies"], "dev.lock": []}
    wanted["dev.lock"] = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    wanted["deep.lock"] = [*wanted["dev.lock"], *project["optional-dependencies"]["deep"]]
    for lock, requirements in wanted.items():
        locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / lock).read_text(), re.MULTILINE)
        named = {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}
        assert named <= {name.lower() for name in locked}, lock


def test_what_only_make_deep_installs_changes_nothing_else() -> None:
    pins = {
        name: set(re.findall(r"^([\w.-]+==[^ ]+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("dev.lock", "deep.lock")
    }
    assert pins["dev.lock"] < pins["deep.lock"]
