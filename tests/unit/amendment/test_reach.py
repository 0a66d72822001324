"""Where secrets could go newly, and which connections must not go there."""

from __future__ import annotations

from typing import Any

import pytest

from authsome.amendment.reach import flows_out_of_use, newly_reached, newly_told
from authsome.connection.model import Flow
from authsome.provider.host import read_exact_address
from authsome.provider.model import Provider
from authsome.provider.validate import read_definition

BY_KEY = {"header": "X-Key"}
BY_PAGE = {"authorization_url": "https://id.acme.test/a", "token_url": "https://id.acme.test/t"}
ALL = frozenset(Flow)
TOKENS = ALL - {Flow.API_KEY}


def provider(*hosts: str, inject: Any = BY_KEY, oauth: Any = None, private: tuple[str, ...] = ()) -> Provider:
    raw: dict[str, Any] = {"name": "acme", "display_name": "Acme", "hosts": list(hosts)}
    raw |= {"inject": inject} if inject else {}
    raw |= {"oauth": oauth} if oauth else {}
    made = read_definition(raw)
    places = tuple(place for text in private if (place := read_exact_address(text)))
    return Provider(
        **{f: getattr(made, f) for f in made.__dataclass_fields__} | {"private_addresses": places}
    )


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        (["a.test"], ["a.test"], []),
        (["a.test", "b.test"], ["b.test"], []),
        (["*.acme.test"], ["api.acme.test", "*.eu.acme.test"], []),
        (["api.acme.test"], ["api.acme.test", "evil.test"], ["evil.test"]),
        (["api.acme.test"], ["*.acme.test"], ["*.acme.test"]),
        (["*.eu.acme.test"], ["*.acme.test"], ["*.acme.test"]),
        (["*.acme.test"], ["acme.test"], ["acme.test"]),
        (["*.acme.test"], ["evilacme.test"], ["evilacme.test"]),
        (["a.test"], ["a.test:8443"], ["a.test:8443"]),
        (["*.acme.test"], ["api.acme.test:8443"], ["api.acme.test:8443"]),
    ],
)
def test_a_host_that_no_pattern_held_is_new(before: list[str], after: list[str], new: list[str]) -> None:
    was, will_be = provider(*before), provider(*after)
    assert [str(place) for place in newly_reached(was, will_be)] == new
    assert flows_out_of_use(was, will_be) == (ALL if new else frozenset())


def test_a_name_that_may_be_private_now_is_new() -> None:
    was, will_be = provider("git.acme.test"), provider("git.acme.test", private=("git.acme.test:443",))
    assert flows_out_of_use(was, will_be) == ALL
    assert flows_out_of_use(will_be, was) == frozenset()


def test_a_new_token_address_concerns_tokens_alone_also_where_the_api_has_that_host() -> None:
    was = provider("api.acme.test", oauth=BY_PAGE)
    moved = provider("api.acme.test", oauth=BY_PAGE | {"token_url": "https://api.acme.test/t"})
    assert [str(place) for place in newly_told(was, moved)] == ["api.acme.test"]
    assert newly_reached(was, moved) == ()
    assert flows_out_of_use(was, moved) == TOKENS
    same_host = provider("api.acme.test", oauth=BY_PAGE | {"token_url": "https://id.acme.test/other"})
    assert flows_out_of_use(was, same_host) == frozenset()
    told = provider("api.acme.test", oauth=BY_PAGE | {"revocation_url": "https://revoke.test/"})
    assert flows_out_of_use(was, told) == TOKENS


def test_what_cannot_be_used_any_more_is_out_of_use() -> None:
    both = provider("api.acme.test", oauth=BY_PAGE)
    assert flows_out_of_use(both, provider("api.acme.test")) == {Flow.AUTHORIZATION_CODE}
    assert flows_out_of_use(both, provider("api.acme.test", inject=None, oauth=BY_PAGE)) == {Flow.API_KEY}


def test_a_page_of_its_own_added_to_a_provider_with_keys_disturbs_no_key() -> None:
    assert Flow.API_KEY not in flows_out_of_use(
        provider("api.acme.test"), provider("api.acme.test", oauth=BY_PAGE)
    )
