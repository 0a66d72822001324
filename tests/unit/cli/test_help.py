"""Help: quick, true, and with an example for each command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from authsome.cli.commands import SECTIONS
from authsome.cli.lazy import Lazy
from authsome.cli.main import root, run

NO_DATA = {"sign-out", "run", "principals reset-link", "telemetry export", "analytics export"}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that can be typed, with its whole name."""
    context = click.Context(root)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in command.commands.items())


ALL = dict(commands())
LAZY = {name: lazy for section in SECTIONS.values() for name, lazy in section.items()}


@pytest.mark.parametrize(("name", "lazy"), LAZY.items())
def test_the_list_says_what_the_command_says(name: str, lazy: Lazy) -> None:
    command = ALL[name]
    assert command.name == name
    assert lazy.help == (command.help or "").split("\n\n")[0].replace("\n", " ")


@pytest.mark.parametrize("name", ALL)
def test_every_command_has_an_example(name: str) -> None:
    if " list" not in name:
        assert f"authsome {name.split()[0]}" in (ALL[name].help or "")


@pytest.mark.parametrize("name", ALL)
def test_every_command_that_prints_data_prints_json_too(name: str) -> None:
    command = ALL[name]
    has_json = any("--json" in parameter.opts for parameter in command.params)
    assert has_json is (name not in NO_DATA and not isinstance(command, click.Group))


@pytest.mark.parametrize("line", [["grnts"], ["--nonsense"], ["up", "--port", "99999"], ["login"]])
def test_a_slip_is_explained_without_a_traceback(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line) == 2
    said = capsys.readouterr()
    assert "Error: " in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_a_slip_near_a_command_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    run(["grnts"])
    assert "Did you mean grants?" in capsys.readouterr().err


HEAVY = (
    "duckdb", "fastapi", "httpx", "pydantic", "rich", "sqlalchemy", "uvicorn", "alembic", "jinja2",
    "authsome.provider.catalogue",
)  # fmt: skip


@pytest.mark.parametrize("line", [["--help"], ["whoami"], ["status"], ["run", "--help"], ["grants", "-h"]])
def test_an_ordinary_command_imports_nothing_heavy(line: list[str], tmp_path: object) -> None:
    script = (
        "import sys; from authsome.cli.main import run; run(sys.argv[1:]);"
        f" print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    environment = {"AUTHSOME_HOME": str(tmp_path), "AUTHSOME_BASE_URL": "http://127.0.0.1:1"}
    done = subprocess.run(
        [sys.executable, "-c", script, *line], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stderr.splitlines()[-1] == "[]"
