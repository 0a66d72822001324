"""A refusal names the key, what is there, what is wanted, and an example that would do."""

from __future__ import annotations

from typing import Any

import pytest

from authsome.provider.definition.explain import EXAMPLES
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.validate import read_definition

WHOLE: dict[str, Any] = {
    key: value for key, value in EXAMPLES.items() if "." not in key and key not in ("fields",)
}


def refusal(raw: dict[str, Any]) -> DefinitionInvalid:
    with pytest.raises(DefinitionInvalid) as refused:
        read_definition(raw)
    return refused.value


def test_all_examples_together_are_a_definition() -> None:
    assert read_definition(WHOLE).name == "acme"


@pytest.mark.parametrize("key", [key for key in EXAMPLES if "." in key])
def test_an_example_within_a_section_is_read(key: str) -> None:
    section, _, name = key.partition(".")
    given = dict(WHOLE[section]) | {name: EXAMPLES[key]}
    if name in ("headers", "query", "basic") and section == "inject":
        given = {name: EXAMPLES[key]}
    read_definition(WHOLE | {section: given})


@pytest.mark.parametrize("key", [key for key in WHOLE if key != "inject"])
def test_a_value_that_is_none_is_shown_with_an_example(key: str) -> None:
    refused = refusal(WHOLE | {key: 17})
    assert refused.detail.startswith(key)
    assert refused.detail.endswith("; it is 17")
    assert refused.next_step.startswith(f'for example "{key}": ')


@pytest.mark.parametrize(
    ("section", "name"),
    [key.split(".") for key in EXAMPLES if "." in key],
)
def test_so_is_one_within_a_section(section: str, name: str) -> None:
    given = {"template": "{api_key}", "header": "X"} if (section, name) == ("inject", "template") else {}
    refused = refusal(WHOLE | {section: (given or dict(WHOLE[section])) | {name: {"odd": 17}}})
    assert refused.next_step.startswith("for example ") or "has the unknown key 'odd'" in refused.detail


@pytest.mark.parametrize("host", ["https://api.acme.test", "*.com", "10.1.2.3.4", "169.254.169.254", "a:b"])
def test_a_host_that_is_none_leads_to_the_hosts(host: str) -> None:
    refused = refusal(WHOLE | {"hosts": [host]})
    assert refused.detail.startswith("hosts: ")
    assert "hosts" in refused.next_step
    assert refused.detail.endswith(f'; it is ["{host}"]')


def test_what_is_missing_and_what_is_unknown_lead_on() -> None:
    without = {key: value for key, value in WHOLE.items() if key != "hosts"}
    assert refusal(without).next_step == 'for example "hosts": ["api.acme.example", "*.eu.acme.example"]'
    assert refusal(WHOLE | {"host": ["x"]}).next_step == "did you mean `hosts`?"
    assert refusal(WHOLE | {"oauth": {}}).next_step.startswith('for example "')


def test_what_was_pasted_there_is_cut_and_in_plain_letters() -> None:
    refused = refusal(WHOLE | {"key_url": "http://\u202e" + "x" * 400})
    assert len(refused.detail) < 200
    assert refused.detail.isascii() or refused.detail.endswith("…")
    assert "\u202e" not in refused.detail
