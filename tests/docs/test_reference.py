"""The generated reference says what the product does; that it is current, `make check` looks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from authsome.kit.errors import REGISTERED
from authsome.server.config import ServerConfig
from authsome.telemetry import catalogue
from tools.reference import cli, configuration, errors, event_schema

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = jsonschema.Draft202012Validator(event_schema.document())
PAYLOADS = json.loads((ROOT / "docs/reference/payloads.json").read_text(encoding="utf-8"))


def test_every_setting_has_a_row_with_a_meaning() -> None:
    page = configuration.files()[configuration.PAGE]
    for name, field in ServerConfig.model_fields.items():
        row = next(
            line for line in page.splitlines() if f"| `{configuration.variable(name, field)}` |" in line
        )
        assert row.split("|")[4].strip().endswith("."), name


def test_every_variable_that_the_code_speaks_of_is_documented() -> None:
    page = configuration.files()[configuration.PAGE]
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    assert set(re.findall(r"\bAUTHSOME_[A-Z_]+[A-Z]\b", sources)) <= set(
        re.findall(r"`(AUTHSOME_\w+)`", page)
    )


def test_every_error_says_what_to_do_next() -> None:
    page = errors.files()[errors.PAGE]
    for code, error in REGISTERED.items():
        if error.__module__.startswith("authsome."):
            row = next(
                line for line in page.splitlines() if line.startswith(f"| `{code}` | {error.kind.value} ")
            )
            assert all(cell.strip() for cell in row.strip("|").split("|")), code


def test_every_command_is_described_with_its_options() -> None:
    page = cli.files()[cli.PAGE]
    assert {"authsome up", "authsome down", "authsome status"} <= set(
        re.findall(r"^##+ (.+)$", page, re.MULTILINE)
    )
    assert "--foreground" in page


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_is_sent_fits_the_schema(name: str) -> None:
    for event in PAYLOADS[name]:
        VALIDATOR.validate(event)


def test_the_schema_refuses_a_property_that_the_event_does_not_have() -> None:
    event = PAYLOADS["principal_registered"][0]
    assert VALIDATOR.is_valid(event)
    assert not VALIDATOR.is_valid(event | {"properties": event["properties"] | {"email": "a@example.org"}})
    assert not VALIDATOR.is_valid(event | {"event": "account_registered"})
    assert set(PAYLOADS) == set(catalogue.events())
