"""A provider is found by what people remember of it, the likeliest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.provider.definition.category import Category
from authsome.provider.definition.inject import Injection
from authsome.provider.host import read_host_pattern
from authsome.provider.model import Provider
from authsome.provider.search import search


def provider(
    name: str, display_name: str, *hosts: str, does: str | None = None, kind: Category | None = None
) -> Provider:
    return Provider(
        name=name,
        display_name=display_name,
        description=does,
        categories=(kind,) if kind else (),
        hosts=tuple(read_host_pattern(host) for host in hosts),
        inject=Injection(header_templates=(("X-Key", "{api_key}"),)),
    )


ACME = provider("acme", "Acme Übersee", "api.acme.test", "*.eu.acme.test:8443")
MAIL = provider("acme-mail", "Letters", "mail.acme.test", does="Post a Letter.", kind=Category.SUPPORT)
GIT = provider("git", "Git, inside", "code.intra.test")
HUB = provider("github", "GitHub", "api.github.test", does="Issues and support.", kind=Category.CODE)
ALL = (HUB, MAIL, GIT, ACME)


def names(text: str) -> list[str]:
    return [one.name for one in search(ALL, text)]


def test_without_a_word_all_are_there_by_name() -> None:
    assert names("") == names("  \t ") == ["acme", "acme-mail", "git", "github"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GIT", ["git", "github"]),  # the very name before those that begin with it
        ("hub", ["github"]),
        ("letters", ["acme-mail"]),
        ("ÜBERSEE", ["acme"]),
        ("code.intra", ["git"]),
        ("post", ["acme-mail"]),
        ("support", ["acme-mail", "github"]),  # by its category, by what it does
        ("acme mail", ["acme-mail"]),
        ("acme git", []),
        ("mail.acme.test", ["acme-mail"]),
        ("https://api.github.test/v3/user?x=1", ["github"]),
        ("deep.in.eu.acme.test:8443", ["acme"]),
        ("https://deep.in.eu.acme.test:8443/", ["acme"]),
        ("deep.in.eu.acme.test", []),  # at another port
        ("mainframe", []),
    ],
)
def test_every_word_has_to_fit(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_category_narrows_the_search() -> None:
    assert [one.name for one in search(ALL, "", category=Category.CODE)] == ["github"]
    assert search(ALL, "letters", category=Category.CODE) == []


@given(st.text(max_size=300))
def test_whatever_is_typed_is_an_answer(text: str) -> None:
    assert set(search(ALL, text)) <= set(ALL)
