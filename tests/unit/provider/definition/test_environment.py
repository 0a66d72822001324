"""The key `environment` of a definition: variables by field, and never the gateway's own."""

from __future__ import annotations

from typing import Any

import pytest

from authsome.provider.definition.environment import read_environment
from authsome.provider.errors import DefinitionInvalid

FIELDS = ("account", "api_key")


def test_variables_are_kept_by_field_and_in_order() -> None:
    given = {"api_key": ["ACME_TOKEN", "ACME_API_KEY"], "account": ["ACME_ACCOUNT"]}
    read = read_environment(given, fields=FIELDS)
    assert read == (("api_key", ("ACME_TOKEN", "ACME_API_KEY")), ("account", ("ACME_ACCOUNT",)))
    assert read_environment({}, fields=()) == ()


@pytest.mark.parametrize(
    "given",
    [
        {"password": ["ACME_PASSWORD"]},
        {"api_key": "ACME_API_KEY"},
        {"api_key": []},
        {"api_key": [f"ACME_{n}" for n in range(9)]},
        {"api_key": ["ACME_API_KEY", "ACME_API_KEY"]},
        {"api_key": ["ACME_API_KEY"], "account": ["ACME_API_KEY"]},
        {"api_key": ["AUTHSOME_INSTALLATION_KEY"]},
        {"api_key": ["acme_api_key"]},
        {"api_key": ["ACME-API-KEY"]},
        {"api_key": ["ACME_API_KEY\n"]},
        {"api_key": ["1ACME"]},
        {"api_key": [""]},
        {"api_key": ["A" * 65]},
        {"api_key": [7]},
        ["ACME_API_KEY"],
        None,
    ],
    ids=str,
)
def test_what_is_not_right_is_refused(given: Any) -> None:
    with pytest.raises(DefinitionInvalid, match="environment"):
        read_environment(given, fields=FIELDS)
