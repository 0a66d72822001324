"""The key `categories` of a definition: from a closed list, each with a heading."""

from __future__ import annotations

from typing import Any

import pytest

from authsome.provider.definition.category import Category, read_categories
from authsome.provider.errors import DefinitionInvalid


def test_categories_are_kept_in_order() -> None:
    assert read_categories(["search", "ai"]) == (Category.SEARCH, Category.AI)
    assert read_categories([]) == ()


def test_each_category_has_a_heading_of_its_own() -> None:
    headings = [category.heading for category in Category]
    assert len(set(headings)) == len(headings)
    assert all(headings)


@pytest.mark.parametrize(
    "given",
    ["ai", ["AI"], ["games"], ["ai", "ai"], ["ai", "search", "code", "data"], [7], [["ai"]], {"ai": 1}, None],
    ids=str,
)
def test_what_is_not_in_the_list_is_refused(given: Any) -> None:
    with pytest.raises(DefinitionInvalid, match="categories"):
        read_categories(given)


def test_the_refusal_names_the_allowed_ones() -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        read_categories(["games"])
    assert "ai, search, code" in refused.value.detail
