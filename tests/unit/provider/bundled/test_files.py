"""Each bundled file is complete, named after its provider, and says where its facts were read and when."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from importlib import resources

import pytest

from authsome.connection.flows import flows_of
from authsome.provider.catalogue import bundled
from authsome.provider.definition.category import Category
from authsome.provider.model import Provider
from authsome.provider.validate import parse_file, read_definition
from tests.unit.provider.bundled.domains import FOREIGN, domain

FILES = {
    file.name: file.read_bytes()
    for file in resources.files("authsome.provider").joinpath("bundled").iterdir()
    if file.is_file()
}
each = pytest.mark.parametrize("provider", bundled(), ids=lambda one: one.name)


def test_there_are_at_least_eighty_and_each_comes_from_its_own_file() -> None:
    assert len(bundled()) >= 80
    assert sorted(FILES) == sorted(f"{provider.name}.json" for provider in bundled())


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_holds_nothing_but_what_is_read(name: str) -> None:
    """What the reader makes of it, written back, says what the file does; `inject` may be shorter there."""
    raw = json.loads(FILES[name])
    provider = read_definition(parse_file(FILES[name], is_toml=False), bundled=True)
    written = provider.definition()
    assert read_definition(written, bundled=True) == provider
    assert [key for key in raw if key != "inject" and raw[key] != written[key]] == []


@each
def test_there_is_a_way_to_connect_it(provider: Provider) -> None:
    assert flows_of(provider)


@each
def test_it_says_what_it_is_for(provider: Provider) -> None:
    assert provider.description
    assert provider.description.endswith(".")
    assert provider.description.count(". ") == 0, "one sentence"
    assert provider.categories


@each
def test_it_says_where_its_facts_are_from_and_when_they_were_read(provider: Provider) -> None:
    assert provider.bundled
    assert provider.documentation_url
    assert not provider.private_addresses
    days = [provider.checked_on, *([provider.oauth.checked_on] if provider.oauth else [])]
    assert all(day and date(2026, 11, 1) <= date.fromisoformat(day) for day in days)
    if provider.inject is not None:
        assert provider.key_url, "people have to find the key"
    if provider.oauth is not None:
        assert provider.oauth.documentation_url
        assert provider.oauth.registration_url, "an admin has to find where to register"


@each
def test_an_oauth_endpoint_is_at_a_domain_that_people_know_for_it(provider: Provider) -> None:
    if provider.oauth is None:
        return
    known = {domain(pattern.host) for pattern in provider.hosts} | FOREIGN.get(provider.name, set())
    assert domain(provider.oauth.asks_at) in known
    assert {domain(place.host) for place in provider.oauth.secret_places} <= known


def test_no_domain_is_excused_that_need_not_be() -> None:
    for name, domains in FOREIGN.items():
        (provider,) = (one for one in bundled() if one.name == name)
        assert provider.oauth is not None
        used = {place.host for place in provider.oauth.secret_places}
        used.add(provider.oauth.asks_at)
        assert domains <= {domain(host) for host in used}


def test_a_variable_has_the_keys_of_one_provider() -> None:
    named = Counter(variable for provider in bundled() for variable in provider.variables)
    assert [variable for variable, times in named.items() if times > 1] == []


def test_every_category_has_a_provider_that_is_listed_there() -> None:
    assert {provider.categories[0] for provider in bundled()} == set(Category)


def test_no_two_are_called_the_same() -> None:
    names = Counter(provider.display_name.casefold() for provider in bundled())
    assert max(names.values()) == 1
